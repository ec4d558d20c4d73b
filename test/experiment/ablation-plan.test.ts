import { expect, test } from 'vitest'
import { defaultChain, parseChain } from '../../harness/experiment/ablation-chain.ts'
import { planAblation, roundOrder, traceNumber } from '../../harness/experiment/ablation-plan.ts'
import type { AblationRequest } from '../../harness/experiment/ablation-request.ts'
import { loadScenario } from '../../harness/experiment/load-scenario.ts'
import { parseSingleLoad } from '../../harness/experiment/parse-loads.ts'

const loaded = await loadScenario('kv-update', {})

function requestOf(changes: Partial<AblationRequest> = {}): AblationRequest {
  return {
    loaded,
    chain: defaultChain(),
    load: parseSingleLoad('50%'),
    rounds: 6,
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

const ARMS = [0, 1, 2, 3, 4]

test('the plan tells the chain, what is measured, and how long it takes', () => {
  const { lines, seconds } = planAblation(requestOf({ chain: parseChain('staged,sharded') }))
  expect(lines).toEqual([
    'kv-update: 2 arms, one mechanism at a time, on processors 0, 1, seed 9',
    'from staged:',
    '  1 staged → sharded',
    expect.stringMatching(
      /^capacity: 3 rounds of all arms and a pair of the ends each, about \d+ s$/,
    ),
    expect.stringMatching(
      /^latency at 50% of the smallest capacity: 6 rounds of all arms .*, 0\.4 s a trial, intervals of 95 %, about \d+ s$/,
    ),
    'a trial that fails a gate is marked and counts; none is repeated',
    `about ${seconds} s in all`,
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
  expect(lines.some((line) => line.startsWith('latency at 200000/s: '))).toBe(true)
})

test('every round runs every arm once, in an order that its seed decides', () => {
  const orders = Array.from({ length: 20 }, (_, index) =>
    roundOrder(7, 'latency', 'rounds', index, ARMS),
  )
  for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual(ARMS)
  expect(new Set(orders.map(String)).size).toBeGreaterThan(10)
  expect(roundOrder(7, 'latency', 'rounds', 3, ARMS)).toEqual(orders[3])
  expect(roundOrder(8, 'latency', 'rounds', 3, ARMS)).not.toEqual(orders[3])
})

test('every second round runs the one before it backwards', () => {
  for (const index of [0, 2, 4]) {
    const order = roundOrder(7, 'latency', 'rounds', index, ARMS)
    expect(roundOrder(7, 'latency', 'rounds', index + 1, ARMS)).toEqual(order.toReversed())
  }
})

test('no two rounds share a trace', () => {
  const numbers = (['capacity', 'latency'] as const).flatMap((part) =>
    (['rounds', 'ends'] as const).flatMap((group) =>
      Array.from({ length: 64 }, (_, index) => traceNumber(part, group, index)),
    ),
  )
  expect(new Set(numbers).size).toBe(4 * 64)
  // The warm-up’s.
  expect(numbers).not.toContain(-1)
})
