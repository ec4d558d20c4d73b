import { expect, test } from 'vitest'
import { defaultChain, parseChain } from '../../../harness/experiment/ablate/chain.ts'
import {
  type AblationRequest,
  distinctArms,
  planAblation,
} from '../../../harness/experiment/ablate/plan.ts'
import { loadScenario } from '../../../harness/scenario/load.ts'
import { parseSingleLoad } from '../../../harness/asked/loads.ts'

const loaded = await loadScenario('kv-update', {})

function requestOf(changes: Partial<AblationRequest> = {}): AblationRequest {
  return {
    loaded,
    chain: defaultChain(),
    load: parseSingleLoad('50%'),
    rounds: 8,
    capacityRounds: 3,
    level: 0.95,
    durationSeconds: 0.4,
    budgetSeconds: null,
    cpus: [0, 1],
    seed: 9,
    command: '',
    ...changes,
  }
}

test('the plan tells the chain, what is measured, and how long it takes', () => {
  const { lines } = planAblation(requestOf({ chain: parseChain('staged,sharded') }))
  expect(lines).toEqual([
    'compares  kv-update: 2 arms, one mechanism at a time from staged: 1 staged → sharded',
    'measures  first what the smallest arms sustain; latency at 50% of the smallest capacity: 8 rounds of fresh servers, each with all arms and a pair of the ends, 0.4 s a trial, intervals of 95 %; throughput: the same with a closed window in the first 3 rounds',
    'on        processors 0, 1; seed 9',
    'takes     55–70 s',
  ])
})

test('the default chain is measured in under four minutes', () => {
  expect(planAblation(requestOf()).seconds).toBeLessThan(240)
})

test('a plan is never longer than its budget', () => {
  expect(planAblation(requestOf({ budgetSeconds: 20 })).seconds).toBe(20)
})

test('an absolute load is told as it was given', () => {
  const { lines } = planAblation(requestOf({ load: parseSingleLoad('200000/s') }))
  expect(lines[1]).toMatch(/^measures {2}latency at 200000\/s: /)
})

test('an arm that a chain comes back to is deployed once', () => {
  const request = requestOf({ chain: parseChain('staged,sharded,staged') })
  expect(distinctArms(request).map(({ label }) => label)).toEqual(['staged', 'sharded'])
})
