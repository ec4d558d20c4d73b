import { expect, test } from 'vitest'
import { monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { watchMachine } from '../../harness/trial/watch-machine.ts'
import { readEnvironment } from '../../harness/measure/environment.ts'

test('what others did is known at the end, and shares are shares', () => {
  const environment = readEnvironment(false)
  const clock = new ThreadClock(monotonicOriginNs())
  const watch = watchMachine({ environment, warnings: [], cpus: [0], clock })
  expect(environment.loadAverageAfter).toBeNull()
  watch.end()
  expect(environment.loadAverageAfter).toHaveLength(3)
  for (const share of [environment.othersShare, environment.stealShare]) {
    expect(share === null || (share >= 0 && share <= 1)).toBe(true)
  }
})

test('where what others do cannot be read, it is said', () => {
  const environment = readEnvironment(false)
  const clock = new ThreadClock(monotonicOriginNs())
  const warnings: Parameters<typeof watchMachine>[0]['warnings'] = []
  watchMachine({ environment, warnings, cpus: [0, 4_095], clock }).end()
  expect(warnings.map(({ code }) => code)).toContain('noise-unseen')
  expect(environment.othersShare).toBeNull()
})
