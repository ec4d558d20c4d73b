import type { MeasurementName } from './measurements.ts'

/** What one round found, in nanoseconds. */
export interface RoundFigure {
  readonly p50Ns: number
  readonly p99Ns: number
}

/** The figures of all rounds so far, and why some measurements have none. */
export class Figures {
  readonly #rounds = new Map<MeasurementName, RoundFigure[]>()
  readonly #absent = new Map<MeasurementName, string>()

  add(name: MeasurementName, figure: RoundFigure): void {
    const rounds = this.#rounds.get(name)
    if (rounds === undefined) this.#rounds.set(name, [figure])
    else rounds.push(figure)
  }

  /** This machine cannot measure it. */
  setAbsent(name: MeasurementName, why: string): void {
    this.#absent.set(name, why)
  }

  /** Empty when nothing was measured. */
  roundsOf(name: MeasurementName): readonly RoundFigure[] {
    return this.#rounds.get(name) ?? []
  }

  /** Why it could not be measured; undefined when it could. */
  whyAbsent(name: MeasurementName): string | undefined {
    return this.#absent.get(name)
  }
}
