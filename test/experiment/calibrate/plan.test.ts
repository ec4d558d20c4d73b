import { expect, test } from 'vitest'
import { MOST_WARM_UP_ROUNDS, planCalibration } from '../../../harness/experiment/calibrate/plan.ts'
import { PAIR_MEASUREMENTS } from '../../../harness/experiment/calibrate/rows.ts'
import { SINGLE_ROWS } from '../../../harness/results/calibrate.ts'

test.each([2, 20, 600])(
  '%d seconds are spent, warm-up included, and not exceeded by much',
  (seconds) => {
    const { single, pair } = planCalibration([0, 1], seconds)
    const singleSeconds =
      single.sliceSeconds * SINGLE_ROWS.length * (single.rounds + MOST_WARM_UP_ROUNDS)
    const pairSeconds = pair.sliceSeconds * PAIR_MEASUREMENTS.length * (pair.rounds + 1)
    expect(singleSeconds + pairSeconds).toBeCloseTo(seconds, 6)
    expect(singleSeconds).toBeLessThan(single.endsAtSeconds)
    expect(Math.max(single.endsAtSeconds, pair.endsAtSeconds)).toBeCloseTo(1.2 * seconds, 6)
  },
)
