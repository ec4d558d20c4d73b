import { expect, test, vi } from 'vitest'
import { ManualClock } from '../../../harness/base/clock.ts'
import { Control, createControl } from '../../../harness/ports/replay/control.ts'
import { driveReplay } from '../../../harness/ports/replay/replay-driver.ts'
import type { ReplayPort } from '../../../harness/ports/replay/replay-port.ts'
import { Doorbell, DOORBELL_WORDS } from '../../../harness/shared-memory/doorbell.ts'
import { oneThread } from '../../shared-memory/thread-parts.ts'

const MS = 1_000_000
const NEVER = Number.POSITIVE_INFINITY
const LONGEST_MS = 100
const STEP_NS = 1_000

/**
 * Drives a thread without work until its first sleep, on a clock that moves with every turn; tells how long that was to be
 * and after how many turns. Instants are counted from the start.
 */
function firstSleep(settings: { timerNs?: number; dueNs?: number; earlyNs?: number }) {
  const { timerNs = NEVER, dueNs = NEVER, earlyNs = 0 } = settings
  const clock = new ManualClock()
  const memory = createControl()
  const control = new Control(memory)
  const { awake, counters } = oneThread()
  const words = new Int32Array(new SharedArrayBuffer(DOORBELL_WORDS * 4))
  const doorbell = new Doorbell(words, 0, awake, counters)
  const asleep = vi.spyOn(doorbell, 'sleep').mockImplementation(() => control.stop())
  let turns = 0
  // Passed ones come again later, as they do when somebody serves them.
  const ahead = (ns: number) => (ns <= clock.nowNs() ? clock.nowNs() + MS : ns)
  const port: Partial<ReplayPort> = {
    begin: () => {},
    nowNs: () => clock.nowNs(),
    nextDueNs: () => dueNs,
    longestParkMs: () => LONGEST_MS,
    publish: () => {},
  }
  driveReplay(
    {
      turn: () => {
        turns++
        clock.advance(STEP_NS)
        return false
      },
      nextTimerNs: () => (turns > 5 ? ahead(timerNs) : timerNs),
    },
    {
      control: memory,
      port: port as ReplayPort,
      doorbell,
      idle: { policy: 'park', spinNs: 0, moderationNs: 0, earlyNs },
      awake,
      clock,
      counters,
    },
  )
  return { ms: asleep.mock.lastCall![0], turns }
}

test.each([
  [{ timerNs: MS / 4 }, 0.25],
  [{ timerNs: MS / 4, dueNs: MS / 2 }, 0.25],
  [{ timerNs: MS / 2, dueNs: MS / 4 }, 0.25],
  [{ timerNs: MS / 4, earlyNs: MS / 8 }, 0.125],
  [{}, LONGEST_MS],
])('with %o a thread sleeps %d ms at most', (settings, mostMs) => {
  const { ms, turns } = firstSleep(settings)
  // The second look took a step of time.
  expect(ms).toBeLessThanOrEqual(mostMs)
  expect(ms).toBeGreaterThan(mostMs * 0.9)
  expect(turns).toBe(2)
})

test('what is due at once keeps a thread awake', () => {
  expect(firstSleep({ timerNs: 0 }).turns).toBeGreaterThan(5)
})
