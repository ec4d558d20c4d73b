import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Doorbell, DOORBELL_WORDS } from '../../harness/shared-memory/doorbell.ts'
import { oneThread } from './thread-parts.ts'

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
  doorbell.sleep(20_000)
  expect(parts.awakeCount()).toBe(1)
})
