/** What commander makes of the flags of `crossover calibrate`. */
export interface CalibrateFlags {
  readonly cpus?: string
  /** In all. */
  readonly seconds: number
  /** Folder that gets the calibration's folder. */
  readonly out: string
  readonly json?: true
}
