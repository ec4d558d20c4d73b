import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Repetition, REPEATED_GATES } from '../../../harness/experiment/rounds/repetition.ts'
import type { Trial } from '../../../harness/results/schema.ts'
import { gateOf, sampleTrial } from '../sample-trial.ts'

const OUTCOMES = ['answers', 'completed', 'halves', 'generator']
const sound = sampleTrial()

/** A trial that failed these gates, and passed all others. */
function failing(names: readonly string[], changes: Partial<Trial> = {}): Trial {
  const all = [...REPEATED_GATES, ...OUTCOMES]
  return sampleTrial({ gates: all.map((name) => gateOf(name, !names.includes(name))), ...changes })
}

/** Whether a set with this trial is played again, by a rule that has seen nothing else. */
function causeOf(trial: Trial, attempt = 1) {
  return new Repetition().causeToRepeat([sound, trial], attempt)
}

test('four gates are causes, and nothing else is', () => {
  expect(REPEATED_GATES).toEqual(['noise', 'runtime', 'clock', 'lateness'])
  for (const gate of REPEATED_GATES)
    expect(causeOf(failing([gate], { arm: 'sharded' }))).toEqual({ gate, arm: 'sharded' })
  for (const gate of OUTCOMES) expect(causeOf(failing([gate]))).toBeNull()
  expect(causeOf(sound)).toBeNull()
})

test('what the figures are decides nothing, whatever outcome they are', () => {
  const latencies = fc.integer({ min: 1, max: 1e9 })
  const property = fc.property(
    latencies,
    fc.subarray(OUTCOMES),
    fc.subarray([...REPEATED_GATES]),
    (ns, outcomes, causes) => {
      const trial = failing([...outcomes, ...causes], sampleTrial({}, ns))
      // The same as of a trial with the figures and outcomes of the sample.
      const expected = causeOf(failing(causes))
      const gates = failing([...outcomes, ...causes]).gates
      expect(causeOf({ ...trial, gates })).toEqual(expected)
    },
  )
  fc.assert(property)
})

test('a void trial is not played again, whatever else it failed', () => {
  expect(causeOf(failing(['noise', 'runtime'], { void: 'lost update' }))).toBeNull()
})

test('the gate of another arm lets a set be played again although one of it is void', () => {
  const void_ = failing(['noise'], { void: 'lost update' })
  const disturbed = failing(['runtime'], { arm: 'sharded' })
  expect(new Repetition().causeToRepeat([void_, disturbed], 1)).toEqual({
    gate: 'runtime',
    arm: 'sharded',
  })
})

test.each(REPEATED_GATES)('for %s a set is played at most three times', (gate) => {
  const repetition = new Repetition()
  const played = [1, 2, 3].map((attempt) => repetition.causeToRepeat([failing([gate])], attempt))
  expect(played.map((cause) => cause?.gate)).toEqual([gate, gate, undefined])
})

test('noise is named before all others, whoever had it: it explains them', () => {
  const trials = [failing(['runtime', 'clock']), failing(['noise'], { arm: 'sharded' })]
  expect(new Repetition().causeToRepeat(trials, 1)).toEqual({ gate: 'noise', arm: 'sharded' })
})

test('a client that shares the servers’ processors sends late by nature', () => {
  const natural = new Repetition(['lateness'])
  expect(natural.causeToRepeat([failing(['lateness'])], 1)).toBeNull()
  expect(natural.causeToRepeat([failing(['lateness', 'clock'])], 1)?.gate).toBe('clock')
})

test('from the fourth noisy set in a row on none is played again for noise, until one was quiet', () => {
  const repetition = new Repetition()
  const noisy = () => repetition.causeToRepeat([failing(['noise'])], 1)?.gate
  expect(Array.from({ length: 6 }, noisy)).toEqual([
    'noise',
    'noise',
    'noise',
    undefined,
    undefined,
    undefined,
  ])
  // Other causes stand.
  expect(repetition.causeToRepeat([failing(['noise', 'runtime'])], 1)?.gate).toBe('runtime')
  expect(repetition.causeToRepeat([sound], 1)).toBeNull()
  expect(noisy()).toBe('noise')
})

test.each(REPEATED_GATES)(
  'where four sets in a row failed %s, none is played again for it',
  (gate) => {
    const repetition = new Repetition()
    const play = (trial: Trial, attempt = 1) => repetition.causeToRepeat([trial], attempt)?.gate
    for (let set = 0; set < 3; set++) {
      // However often each of them is played.
      expect([1, 2, 3].map((attempt) => play(failing([gate]), attempt))).toEqual([
        gate,
        gate,
        undefined,
      ])
    }
    expect(play(failing([gate]))).toBeUndefined()
    // Until one passes.
    play(sound)
    expect(play(failing([gate]))).toBe(gate)
  },
)
