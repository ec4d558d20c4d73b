import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { Doorbell, DOORBELL_WORDS } from '../../harness/shared-memory/doorbell.ts'
import { oneThread } from './thread-parts.ts'

afterEach(() => vi.restoreAllMocks())

function createDoorbell() {
  const words = new Int32Array(new SharedArrayBuffer(DOORBELL_WORDS * 4))
  const parts = oneThread()
  return { words, parts, doorbell: new Doorbell(words, 0, parts.awake, parts.counters) }
}

/** What happens between two turns of an owner: rings before and during its preparation, and how that ends. */
const spells = fc.array(
  fc.record({
    ringsBefore: fc.nat(2),
    ringsDuring: fc.nat(2),
    ends: fc.constantFrom('sleep', 'stay-awake'),
  }),
)

test('an owner that is back at work counts as awake once, whoever rang when', () => {
  fc.assert(
    fc.property(spells, (course) => {
      const { words, parts, doorbell } = createDoorbell()
      let wakeUps = 0
      let parks = 0
      for (const { ringsBefore, ringsDuring, ends } of course) {
        for (let ring = 0; ring < ringsBefore; ring++) doorbell.ring()
        doorbell.prepareToSleep()
        for (let ring = 0; ring < ringsDuring; ring++) doorbell.ring()
        wakeUps += Math.min(ringsDuring, 1)
        if (ends === 'sleep') doorbell.sleep(0)
        else doorbell.stayAwake()
        parks += Number(ends === 'sleep')
        expect(parts.awakeCount()).toBe(1)
        expect([...words].every((word) => word === 0)).toBe(true)
      }
      expect(parts.counters.read()).toMatchObject({ wakeUps, parks })
    }),
  )
})

test('ringing for an owner that is awake does nothing', () => {
  const { words, parts, doorbell } = createDoorbell()
  doorbell.ring()
  expect(words[0]).toBe(0)
  expect(parts.awakeCount()).toBe(1)
  expect(parts.counters.read().wakeUps).toBe(0)
})

test('a ring after the preparation ends a sleep at once, and counts the owner as awake', () => {
  const { parts, doorbell } = createDoorbell()
  doorbell.prepareToSleep()
  doorbell.ring()
  expect(parts.awakeCount()).toBe(2)
  expect(doorbell.sleep(20_000)).toBe(false)
  expect(parts.awakeCount()).toBe(1)
})

test('a late notification of an earlier ring ends a sleep, whose time has not run out', () => {
  const { words, parts, doorbell } = createDoorbell()
  doorbell.prepareToSleep()
  // Its ringer found the owner asleep before, which came back to sleep before it was notified.
  vi.spyOn(Atomics, 'wait').mockReturnValue('ok')
  expect(doorbell.sleep(20_000)).toBe(false)
  expect([words[0], parts.awakeCount()]).toEqual([0, 1])
})

test('a sleep that nobody ends says so, and leaves the owner awake', () => {
  const { parts, doorbell } = createDoorbell()
  doorbell.prepareToSleep()
  expect(doorbell.sleep(0)).toBe(true)
  expect(parts.awakeCount()).toBe(1)
})

/** Turns of the event loop until a call that is on its way has certainly come. */
async function letCallsCome(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await setImmediate()
}

test('a ring ends a sleep on the loop by a call, and counts the owner as awake', async () => {
  const { words, parts, doorbell } = createDoorbell()
  let calls = 0
  doorbell.prepareToSleep()
  doorbell.sleepOnLoop(() => calls++)
  expect(parts.awakeCount()).toBe(0)
  await letCallsCome()
  expect(calls).toBe(0)
  doorbell.ring()
  expect(parts.awakeCount()).toBe(1)
  await letCallsCome()
  expect(calls).toBe(1)
  doorbell.wake()
  expect(parts.awakeCount()).toBe(1)
  expect(words[0]).toBe(0)
  expect(parts.counters.read()).toMatchObject({ wakeUps: 1, parks: 1 })
})

test('a ring after the preparation ends a sleep on the loop before it began', async () => {
  const { parts, doorbell } = createDoorbell()
  doorbell.prepareToSleep()
  doorbell.ring()
  const { promise: rung, resolve } = Promise.withResolvers<void>()
  doorbell.sleepOnLoop(resolve)
  await rung
  doorbell.wake()
  expect(parts.awakeCount()).toBe(1)
})

test('a sleep on the loop that the owner ends itself makes no call, and counts as awake', async () => {
  const { parts, doorbell } = createDoorbell()
  let calls = 0
  doorbell.prepareToSleep()
  doorbell.sleepOnLoop(() => calls++)
  doorbell.wake()
  expect(parts.awakeCount()).toBe(1)
  doorbell.ring()
  await letCallsCome()
  expect(calls).toBe(0)
  expect(parts.counters.read()).toMatchObject({ wakeUps: 0, parks: 1 })
})

test('later sleeps on the loop are ended by a ring, too, though the owner ended the first itself', async () => {
  const { parts, doorbell } = createDoorbell()
  let calls = 0
  for (let sleep = 1; sleep <= 3; sleep++) {
    doorbell.prepareToSleep()
    doorbell.sleepOnLoop(() => calls++)
    doorbell.wake()
  }
  for (let sleep = 1; sleep <= 3; sleep++) {
    doorbell.prepareToSleep()
    doorbell.sleepOnLoop(() => calls++)
    doorbell.ring()
    await letCallsCome()
    expect(calls).toBe(sleep)
    doorbell.wake()
    expect(parts.awakeCount()).toBe(1)
  }
})

/**
 * An owner as an event loop has it: sockets and rings wake it, each time it looks at what was published, and sleeps
 * again after a second look.
 */
function createLoopOwner() {
  const { parts, doorbell } = createDoorbell()
  let published = 0
  let seen = 0
  let isAsleep = false
  const sleep = () => {
    doorbell.prepareToSleep()
    seen = published
    isAsleep = true
    doorbell.sleepOnLoop(wake)
  }
  const wake = () => {
    if (!isAsleep) return
    isAsleep = false
    doorbell.wake()
    expect(parts.awakeCount()).toBe(1)
  }
  return {
    isUpToDate: () => seen === published,
    awakeCount: parts.awakeCount,
    acts: {
      publish: () => {
        published++
        doorbell.ring()
      },
      socket: wake,
      turn: () => {
        seen = published
      },
      sleep: () => {
        if (!isAsleep) sleep()
      },
    },
  }
}

test('whatever wakes an owner on a loop, and in what order, it sleeps over nothing', async () => {
  const acts = fc.constantFrom('publish', 'socket', 'turn', 'sleep', 'loop')
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { maxLength: 25 }), async (course) => {
      const owner = createLoopOwner()
      for (const act of course) {
        if (act === 'loop') await setImmediate()
        else owner.acts[act]()
      }
      // The loop goes on: an owner that was called looks and sleeps again.
      for (let round = 0; round < 3; round++) {
        owner.acts.sleep()
        await letCallsCome()
      }
      expect(owner.isUpToDate()).toBe(true)
      owner.acts.sleep()
      await letCallsCome()
      expect(owner.awakeCount()).toBe(0)
    }),
    { numRuns: 200 },
  )
})
