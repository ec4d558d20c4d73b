import { expect, test } from 'vitest'
import { monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { measurePageFaults } from '../../harness/measure/os-counters.ts'

test.runIf(process.platform === 'linux')(
  'fresh pages fault each time, and memory is given back',
  () => {
    const clock = new ThreadClock(monotonicOriginNs())
    const memoryBytes = process.memoryUsage.rss()
    for (let round = 0; round < 20; round++) {
      const measured = measurePageFaults(clock)
      // Where pages are huge there is nothing to measure.
      if (measured === null) return
      expect(measured.faults).toBeGreaterThanOrEqual(32)
      expect(measured.elapsedNs).toBeGreaterThan(0)
    }
    // Twenty times 4 MiB would stay if they were left to garbage collection.
    expect(process.memoryUsage.rss() - memoryBytes).toBeLessThan(60 * 2 ** 20)
  },
)
