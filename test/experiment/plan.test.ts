import { expect, test } from 'vitest'
import { loadScenario } from '../../harness/experiment/load-scenario.ts'
import { parseArms, referenceArm } from '../../harness/experiment/parse-arms.ts'
import { parseLoads } from '../../harness/experiment/parse-loads.ts'
import { middleLoad, needsCapacity, planRun } from '../../harness/experiment/plan.ts'
import type { RunRequest } from '../../harness/experiment/run-request.ts'

const loaded = await loadScenario('kv-update', {})

function requestOf(loads: string, changes: Partial<RunRequest> = {}): RunRequest {
  return {
    loaded,
    arms: parseArms('staged,sharded'),
    loads: parseLoads(loads),
    pairs: 6,
    durationSeconds: 1,
    budgetSeconds: null,
    cpus: [0, 1],
    seed: 9,
    profile: 'test',
    reference: null,
    command: '',
    ...changes,
  }
}

test.each([
  ['50%', true],
  ['max', true],
  ['1000/s', false],
  ['1000/s,20%', true],
])('whether loads %s need the capacity: %s', (loads, expected) => {
  expect(needsCapacity(parseLoads(loads))).toBe(expected)
})

test.each([
  ['50%', 0],
  ['20%,50%', 0],
  ['20%,50%,80%', 1],
  ['10%,20%,50%,80%', 1],
])('the middle one of loads %s is number %i', (loads, middle) => {
  expect(middleLoad(parseLoads(loads))).toBe(middle)
})

test('the plan says what will run, on which processors, and from which seed', () => {
  const { lines } = planRun(requestOf('20%,50%'))
  expect(lines[0]).toBe('kv-update: staged against sharded, on processors 0, 1, seed 9')
  expect(lines[1]).toMatch(/^capacity of each: 3 trials with a closed window, about \d+ s$/)
  expect(lines[2]).toMatch(/^loads 20%, 50%: 6 pairs of 1 s each, about \d+ s per load$/)
  expect(lines.at(-1)).toMatch(/^about \d+ s in all$/)
})

test('absolute loads need no line about the capacity', () => {
  const { lines } = planRun(requestOf('1000/s', { pairs: 1 }))
  expect(lines.some((line) => line.startsWith('capacity'))).toBe(false)
  expect(lines[1]).toContain('1 pair of 1 s each')
})

test('loads, pairs, duration and the reference make a run longer', () => {
  const base = planRun(requestOf('20%,50%')).seconds
  const longer = [
    requestOf('20%,50%,80%'),
    requestOf('20%,50%', { pairs: 12 }),
    requestOf('20%,50%', { durationSeconds: 2 }),
    requestOf('20%,50%', { reference: referenceArm() }),
  ].map((request) => planRun(request).seconds)
  expect(longer.every((seconds) => seconds > base)).toBe(true)
  // The trials alone.
  expect(base).toBeGreaterThan(2 * 2 * 6)
})

test('a plan is never longer than its budget', () => {
  expect(planRun(requestOf('20%,50%', { budgetSeconds: 10 })).seconds).toBe(10)
})
