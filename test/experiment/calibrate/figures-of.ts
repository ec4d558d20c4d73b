import { Figures } from '../../../harness/experiment/calibrate/figures.ts'
import type { MeasurementName } from '../../../harness/experiment/calibrate/rows.ts'

/** Figures whose medians are given by measurement, one per round; each 99th percentile is twice the median. */
export function figuresOf(
  medians: Readonly<Partial<Record<MeasurementName, readonly number[]>>>,
): Figures {
  const figures = new Figures()
  for (const [name, rounds] of Object.entries(medians)) {
    for (const p50Ns of rounds) {
      figures.add(name as MeasurementName, { p50Ns, p99Ns: 2 * p50Ns })
    }
  }
  return figures
}

/** So many rounds around a median, ±10 %. */
export function around(median: number, rounds = 9): number[] {
  return Array.from({ length: rounds }, (_, i) => median * (0.9 + (0.2 * i) / (rounds - 1)))
}
