import { expect, test } from 'vitest'
import { parseArms } from '../../harness/experiment/parse-arms.ts'
import { Repetition } from '../../harness/experiment/repetition.ts'
import type { TransportRequest } from '../../harness/experiment/run-request.ts'
import type { RunState } from '../../harness/experiment/run-state.ts'
import type { Load } from '../../harness/results/schema.ts'
import { sampleTrial } from './sample-trial.ts'

const TRIAL_SECONDS = 2
/** Warm-up, steady state and drain of a sample trial. */
const trial = sampleTrial()
const load: Load = {
  label: '50%',
  offeredPerSecond: 1_000,
  fractionOfCapacity: null,
  pairs: [],
  comparison: null,
  verdict: null,
}
const LOADS = [{ kind: 'absolute', label: '50%', perSecond: 1_000 }] as const

/** A run of so many pairs at one load that has so many seconds left. */
function runWith(
  secondsLeft: number,
  pairs = 3,
  loads: readonly Load[] = [load],
  transport: TransportRequest = { kind: 'replay' },
): RunState {
  const request = {
    transport,
    loads: LOADS,
    pairs,
    precision: null,
    arms: parseArms('staged,sharded'),
    objective: null,
    reference: null,
    durationSeconds: 1,
  }
  // As much of a run as repetition looks at.
  return { request, report: { loads }, secondsLeft: () => secondsLeft } as unknown as RunState
}

const ENDLESS = runWith(Number.POSITIVE_INFINITY)

test('a trial is made at most three times', () => {
  const repetition = new Repetition()
  const mayRepeat = [1, 2, 3].map((attempt) =>
    repetition.mayRepeat(ENDLESS, load, { ...trial, attempt }, 'noise'),
  )
  expect(mayRepeat).toEqual([true, true, false])
})

test('nothing is repeated where right answers are all that a run is about', () => {
  const request = { ...ENDLESS.request, answersOnly: true }
  // It is asked for nothing else.
  const run = { request } as RunState
  expect(new Repetition().mayRepeat(run, load, trial, 'noise')).toBe(false)
})

test('what failed three times in a row is not repeated again at that load', () => {
  const repetition = new Repetition()
  const failed = (changes: object, at = load, gate = 'completed') =>
    repetition.mayRepeat(ENDLESS, at, { ...trial, ...changes }, gate)
  expect([1, 2, 3].map((attempt) => failed({ attempt }))).toEqual([true, true, false])
  expect(failed({ attempt: 1 })).toBe(false)
  // Another gate, another arm, another load: each may be an accident.
  expect(failed({}, load, 'noise')).toBe(true)
  expect(failed({ arm: 'sharded' })).toBe(true)
  expect(failed({}, { ...load, label: '80%' })).toBe(true)
})

test.each([
  ['noise', ['noise', 'noise', 'noise']],
  ['halves', ['completed', 'halves', 'halves']],
])('%s is no nature after the failures %j', (gate, failures) => {
  const repetition = new Repetition()
  for (const [index, failure] of failures.entries())
    repetition.mayRepeat(ENDLESS, load, { ...trial, attempt: index + 1 }, failure)
  expect(repetition.mayRepeat(ENDLESS, load, trial, gate)).toBe(true)
})

test('a failure that a repetition mended is not taken for nature', () => {
  const repetition = new Repetition()
  repetition.mayRepeat(ENDLESS, load, { ...trial, attempt: 2 }, 'noise')
  expect(repetition.mayRepeat(ENDLESS, load, trial, 'noise')).toBe(true)
})

test('a trial is repeated only while the budget has room for all that is planned', () => {
  const repetition = new Repetition()
  repetition.ran({ ...trial, startedAtSeconds: 10 })
  repetition.ran({ ...trial, startedAtSeconds: 10 + TRIAL_SECONDS })
  // Three pairs: five trials are planned beside this one, which would be made again.
  const needed = 6 * TRIAL_SECONDS
  expect(repetition.mayRepeat(runWith(needed + 0.1), load, trial, 'noise')).toBe(true)
  expect(repetition.mayRepeat(runWith(needed), load, trial, 'noise')).toBe(false)
})

test('trials that are made need no room any more', () => {
  const repetition = new Repetition()
  repetition.ran(trial)
  const pair = {
    index: 0,
    seed: 1,
    traceHash: {},
    order: ['staged', 'sharded'],
    trials: { staged: trial, sharded: trial },
    discarded: [trial, trial],
  }
  const begun = [{ ...load, pairs: [pair] }]
  const needed = 4 * TRIAL_SECONDS
  const [present] = begun
  const may = (seconds: number) =>
    repetition.mayRepeat(runWith(seconds, 3, begun), present!, trial, 'noise')
  expect([may(needed + 0.1), may(needed)]).toEqual([true, false])
})

test('a budget that is used up does not make a failure natural', () => {
  const repetition = new Repetition()
  repetition.ran(trial)
  expect(repetition.mayRepeat(runWith(0), load, trial, 'noise')).toBe(false)
  expect(repetition.mayRepeat(ENDLESS, load, trial, 'noise')).toBe(true)
})

test('a client that shares the servers’ processors sends late by nature, one with its own by accident', () => {
  const mayRepeat = (clientCpus: number[]) => {
    const transport = {
      kind: 'http' as const,
      host: '127.0.0.1',
      firstTcpPort: 1,
      connections: 2,
      pipelining: 1,
      clientCpus,
    }
    const run = runWith(Number.POSITIVE_INFINITY, 3, [load], transport)
    return new Repetition().mayRepeat(run, load, trial, 'lateness')
  }
  expect([mayRepeat([]), mayRepeat([1])]).toEqual([false, true])
})

test('where one trial after the other is noisy none is repeated for it until one was quiet', () => {
  const failed = { name: 'noise', passed: false, figure: '9 %', message: 'noisy machine' }
  const noisy = { ...trial, gates: [failed] }
  const repetition = new Repetition()
  const mayRepeat = (): boolean => {
    repetition.ran(noisy)
    return repetition.mayRepeat(ENDLESS, load, { ...noisy, attempt: 1 }, 'noise')
  }
  expect(Array.from({ length: 8 }, mayRepeat)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ])
  expect(repetition.mayRepeat(ENDLESS, load, noisy, 'halves')).toBe(true)
  repetition.ran(trial)
  expect(mayRepeat()).toBe(true)
})
