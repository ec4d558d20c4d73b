import { expect, test } from 'vitest'
import { monotonicOriginNs, ThreadClock } from '../../../harness/base/clock.ts'
import { createSingleTasks } from '../../../harness/experiment/calibrate/single-tasks.ts'
import { SINGLE_ROWS } from '../../../harness/results/calibrate.ts'

const tasks = createSingleTasks(new ThreadClock(monotonicOriginNs()))

test('there is a task per row, except what this machine may lack', () => {
  const lacking = SINGLE_ROWS.filter((name) => tasks.every((task) => task.name !== name))
  for (const name of lacking) expect(['system-call', 'minor-page-fault']).toContain(name)
})

test.each(tasks.map((task) => [task.name, task] as const))(
  '%s runs batch after batch',
  async (_, task) => {
    expect(task.operations).toBeGreaterThan(0)
    for (let batch = 0; batch < 3; batch++) {
      const own = await task.run()
      if (own === undefined) continue
      expect(own.overriddenDuration).toBeGreaterThanOrEqual(0)
      expect(own.overriddenIterationCost).toBeGreaterThanOrEqual(own.overriddenDuration)
    }
  },
)
