import { expect, test } from 'vitest'
import { attributePhases } from '../../harness/trial/attribution.ts'

test('the slowest 1 % are all of them, the very last included, and their parts are shares of their time', () => {
  // Latency, and a part that only requests from the 99th percentile on have.
  const samples = Array.from({ length: 1_000 }, (_, index) =>
    index < 990 ? [1_000, 1_000, 0] : [1_000 * (index - 988), 1_000, 1_000 * (index - 989)],
  )
  const log = {
    records: Float32Array.from(samples.flat()),
    recordFloats: 3,
    counts: Int32Array.of(samples.length, 0),
  }
  const { bands } = attributePhases([log as never], ['service', 'lock wait'])!
  expect(bands.slowest).toEqual({ samples: 10, latencyNs: 6_500, partsNs: [1_000, 5_500] })
  expect(bands.p99!.latencyNs).toBeLessThan(3_000)
})
