import { expect, test, vi } from 'vitest'
import { type PortThread, TURN_CELLS, TURN_NOW } from '../../../harness/contract/port.ts'
import { Control, createControl } from '../../../harness/ports/replay/control.ts'
import { driveReplay } from '../../../harness/ports/replay/replay-driver.ts'
import type { ReplayPort } from '../../../harness/ports/replay/replay-port.ts'
import { Doorbell, DOORBELL_WORDS } from '../../../harness/shared-memory/doorbell.ts'
import {
  type IdlePolicy,
  type IdleSettings,
  sharedPolicy,
} from '../../../harness/shared-memory/idle-strategy.ts'
import { ManualClock } from '../../base/manual-clock.ts'
import { oneThread } from '../../shared-memory/thread-parts.ts'

const MS = 1_000_000
const NEVER = Number.POSITIVE_INFINITY
const LONGEST_MS = 100
const STEP_NS = 1_000

/** What drives threads on a clock that a test moves, with a port that is due at `dueNs` and a doorbell that nobody sleeps on. */
/** A thread that receives whatever is due, unless it says otherwise. */
type DrivenThread = Omit<PortThread, 'isHeldUp'> & Partial<PortThread>

/** How a thread waits, by the name of its policy. */
type Waiting = Partial<Omit<IdleSettings, 'policy'>> & { readonly policy?: IdlePolicy }

function createDriver({ policy = 'park', ...idle }: Waiting, dueNs = NEVER, processors = 2) {
  const clock = new ManualClock()
  const control = new Control(createControl())
  const { awake, counters } = oneThread(processors)
  const words = new Int32Array(new SharedArrayBuffer(DOORBELL_WORDS * 4))
  const doorbell = new Doorbell(words, 0, awake, counters)
  const asleep = vi.spyOn(doorbell, 'sleep').mockImplementation(() => {
    control.stop()
    return false
  })
  const cell = new Float64Array(TURN_CELLS)
  const port: Partial<ReplayPort> = {
    cell,
    begin: () => {
      cell[TURN_NOW] = clock.nowNs()
    },
    nextDueNs: (target, at) => {
      target[at] = dueNs
    },
    longestParkMs: () => LONGEST_MS,
    publish: vi.fn<() => void>(),
  }
  const drive = ({ isHeldUp = () => false, ...thread }: DrivenThread) =>
    driveReplay(
      { ...thread, isHeldUp },
      {
        stopped: () => control.stopped(),
        port: port as ReplayPort,
        doorbell,
        idle: { spinNs: 0, moderationNs: 0, earlyNs: 0, ...idle, policy: sharedPolicy(policy) },
        awake,
        clock,
        counters,
      },
    )
  return { clock, control, awake, counters, asleep, drive, port }
}

/**
 * Drives a thread without work until its first sleep, on a clock that moves with every turn; tells how long that was to be
 * and after how many turns. Instants are counted from the start.
 */
function firstSleep(settings: {
  timerNs?: number
  dueNs?: number
  earlyNs?: number
  isHeldUp?: boolean
}) {
  const { timerNs = NEVER, dueNs, earlyNs = 0, isHeldUp = false } = settings
  const { clock, asleep, drive } = createDriver({ earlyNs }, dueNs)
  let turns = 0
  // Passed ones come again later, as they do when somebody serves them.
  const ahead = (ns: number) => (ns <= clock.nowNs() ? clock.nowNs() + MS : ns)
  drive({
    turn: () => {
      turns++
      clock.advance(STEP_NS)
      return false
    },
    nextTimerNs: (target, at) => {
      target[at] = turns > 5 ? ahead(timerNs) : timerNs
    },
    isHeldUp: () => isHeldUp,
  })
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

test('what is due is no reason to stay awake for a thread that cannot receive it', () => {
  const { ms, turns } = firstSleep({ dueNs: 0, isHeldUp: true })
  expect(ms).toBe(LONGEST_MS)
  expect(turns).toBe(2)
})

test('the time for which a thread sleeps is no gap between its turns', () => {
  const { clock, control, counters, asleep, drive } = createDriver({})
  asleep.mockImplementation((ms) => {
    clock.advance(ms * MS)
    if (asleep.mock.calls.length === 3) control.stop()
    return true
  })
  drive({
    turn: () => {
      clock.advance(STEP_NS)
      return false
    },
    nextTimerNs: (target, at) => {
      target[at] = NEVER
    },
  })
  expect(asleep).toHaveBeenCalledTimes(3)
  expect(counters.read().longestGapNs).toBe(0)
})

const MODERATION_NS = MS / 20

/**
 * The first sleep of a thread that finds work in its first turns and then none, while more threads are awake than there are
 * processors, or not: how long it was to be, and after how many turns.
 */
function sleepAfterWork(crowded: boolean, moderationNs: number, dueNs: number) {
  const { clock, awake, asleep, drive } = createDriver({ moderationNs }, dueNs)
  if (crowded) awake.crowd(2)
  let turns = 0
  drive({
    turn: () => {
      // Turns take no time, so that lengths are exact.
      if (++turns === 10) clock.advance(1)
      return turns === 1 || (!crowded && turns < 4)
    },
    nextTimerNs: (target, at) => {
      target[at] = NEVER
    },
  })
  return { ms: asleep.mock.lastCall![0], turns }
}

test('a thread that took all that was due sleeps at least the moderation while others wait for its processor', () => {
  // One turn with work, and the second look.
  expect(sleepAfterWork(true, MODERATION_NS, MODERATION_NS / 5)).toEqual({ ms: 0.05, turns: 2 })
  // What is due later than that is waited for.
  expect(sleepAfterWork(true, MODERATION_NS, 4 * MODERATION_NS)).toEqual({ ms: 0.2, turns: 2 })
})

test('without moderation it sleeps until the next request is due', () => {
  expect(sleepAfterWork(true, 0, MODERATION_NS / 5)).toEqual({ ms: 0.01, turns: 2 })
})

test('a thread with a processor for each that is awake turns again after work, and its sleep is not moderated', () => {
  // Three turns with work, one without, and the second look.
  expect(sleepAfterWork(false, MODERATION_NS, MODERATION_NS / 5)).toEqual({ ms: 0.01, turns: 5 })
})

test('what is due already keeps a thread at work, however crowded it is', () => {
  const { clock, control, awake, asleep, drive } = createDriver(
    { moderationNs: MODERATION_NS },
    3 * STEP_NS,
  )
  awake.crowd(2)
  let turns = 0
  drive({
    turn: () => {
      clock.advance(STEP_NS)
      if (++turns === 10) control.stop()
      return true
    },
    nextTimerNs: (target, at) => {
      target[at] = NEVER
    },
  })
  // Until the third turn there is nothing due: it sleeps, or would, but finds work at its second look.
  expect(turns).toBe(10)
  expect(asleep).not.toHaveBeenCalled()
})

test.each([true, false])('a thread that is told to stop turns no more, work: %s', (worked) => {
  const { control, drive } = createDriver({ policy: 'poll' })
  let turns = 0
  drive({
    turn: () => {
      if (++turns === 3) control.stop()
      return worked
    },
    nextTimerNs: () => {},
  })
  expect(turns).toBe(3)
})

/** Sleeps once for as long as it may, and finds work behind it or not; tells what is counted as a wake-up that was lost. */
function lostBehindSleep(settings: {
  runsOut: boolean
  findsWork: boolean
  dueNs?: number
}): number {
  const { clock, control, counters, asleep, drive } = createDriver({}, settings.dueNs)
  let hasSlept = false
  asleep.mockImplementation((ms) => {
    clock.advance(ms * MS)
    hasSlept = true
    control.stop()
    return settings.runsOut
  })
  drive({
    turn: () => hasSlept && settings.findsWork,
    nextTimerNs: (target, at) => {
      target[at] = NEVER
    },
  })
  return counters.read().lostWakeUps
}

test('work behind the longest sleep that nobody ended is a lost wake-up', () => {
  expect(lostBehindSleep({ runsOut: true, findsWork: true })).toBe(1)
  expect(lostBehindSleep({ runsOut: true, findsWork: true, dueNs: 2 * LONGEST_MS * MS })).toBe(1)
})

test.each([
  { runsOut: false, findsWork: true },
  { runsOut: true, findsWork: false },
  { runsOut: true, findsWork: true, dueNs: LONGEST_MS * MS },
  { runsOut: true, findsWork: true, dueNs: LONGEST_MS * MS - STEP_NS },
])('%o is none', (settings) => {
  expect(lostBehindSleep(settings)).toBe(0)
})

const SPIN_NS = 10 * STEP_NS

/**
 * Drives a thread until its n-th sleep, each turn a step of time. @param worksAt numbers of the turns in which it has work
 * @returns turns before each sleep, the second look included
 */
function turnsBeforeSleeps(
  settings: { policy: IdlePolicy; sleeps: number; worksAt?: readonly number[] },
  processors?: number,
): number[] {
  const { policy, sleeps, worksAt = [] } = settings
  const { clock, control, asleep, drive } = createDriver(
    { policy, spinNs: SPIN_NS },
    NEVER,
    processors,
  )
  // An instant of 0 stands for none.
  clock.advance(STEP_NS)
  const before: number[] = []
  let turns = 0
  asleep.mockImplementation(() => {
    before.push(turns)
    if (before.length === sleeps) control.stop()
    return false
  })
  drive({
    turn: () => {
      clock.advance(STEP_NS)
      return worksAt.includes(++turns)
    },
    nextTimerNs: (target, at) => {
      target[at] = NEVER
    },
  })
  return before
}

test('a thread that spins sleeps when it had nothing to do for its budget, and not before', () => {
  // Idle since its first turn; ten steps later the budget is used, and the second look is a turn, too.
  expect(turnsBeforeSleeps({ policy: 'spin-park', sleeps: 1 })).toEqual([12])
})

test('work, and a sleep, begin the budget anew', () => {
  expect(turnsBeforeSleeps({ policy: 'spin-park', sleeps: 1, worksAt: [5] })).toEqual([17])
  expect(turnsBeforeSleeps({ policy: 'spin-park', sleeps: 3 })).toEqual([12, 24, 36])
})

test('a thread that parks sleeps as soon as it has nothing to do', () => {
  expect(turnsBeforeSleeps({ policy: 'park', sleeps: 2 })).toEqual([2, 4])
  expect(turnsBeforeSleeps({ policy: 'park', sleeps: 1, worksAt: [1, 2] })).toEqual([4])
})

test.each(['spin-park', 'poll'] as const)(
  '%s sleeps at once while more threads are awake than processors',
  (policy) => {
    expect(turnsBeforeSleeps({ policy, sleeps: 1 }, 0)).toEqual([2])
  },
)

test.each([true, false])(
  'a thread that polls goes on as long as it has a processor, and publishes every 4,096 turns, work: %s',
  (worked) => {
    const { control, asleep, drive, port } = createDriver({ policy: 'poll' })
    let turns = 0
    drive({
      turn: () => {
        if (++turns === 10_000) control.stop()
        return worked
      },
      nextTimerNs: () => {},
    })
    expect(turns).toBe(10_000)
    expect(asleep).not.toHaveBeenCalled()
    expect(port.publish).toHaveBeenCalledTimes(2)
  },
)
