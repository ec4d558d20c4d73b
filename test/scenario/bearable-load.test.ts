import { expect, test } from 'vitest'
import { bearableLoad } from '../../harness/scenario/declared-work.ts'
import type { HandlerStage } from '../../harness/contract/stage.ts'
import type { Workload } from '../../harness/contract/workload.ts'

const WORKLOAD: Workload = {
  recordCount: 1,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}

function perSecond(stage: Partial<HandlerStage>, workload: Partial<Workload> = {}, cores = 2) {
  const stages = [{ name: 'serve', run: () => {}, ...stage }]
  return bearableLoad(stages, { ...WORKLOAD, ...workload }, cores).perSecond
}

test('stages that declare nothing get 2,000 requests per second, by that name', () => {
  const stages = [{ name: 'serve', run: () => {} }]
  expect(bearableLoad(stages, WORKLOAD, 2)).toEqual({
    kind: 'absolute',
    label: '2000/s',
    perSecond: 2_000,
  })
})

test.each([
  [{ burn: { micros: 100 } }, {}, 2_000],
  [{ burn: { micros: 1_000 } }, {}, 600],
  [{ burn: { micros: 400 }, wait: { micros: 600, blocking: true } }, {}, 600],
  [{ wait: { micros: 10_000_000, blocking: true } }, {}, 20],
  [{ burn: { micros: 'drawn' } }, { serviceTimes: { kind: 'fixed', meanMicros: 1_000 } }, 600],
  [{ burn: { micros: 1_000 } }, { background: background(0.5) }, 300],
  [{ burn: { micros: 100 } }, { keysPerRequest: keysUpTo(10) }, 600],
  [{ touch: { pages: 1_000 } }, { memory: { megabytes: 16, state: 'cold' } }, 300],
] satisfies [Partial<HandlerStage>, Partial<Workload>, number][])(
  '%j of a workload with %j is offered %i per second on two cores',
  (stage, workload, expected) => {
    expect(perSecond(stage, workload)).toBe(expected)
  },
)

test('twice the cores bear twice the load', () => {
  expect(perSecond({ burn: { micros: 1_000 } }, {}, 4)).toBe(1_200)
})

function background(share: number) {
  return { share, sliceMicros: 100, priorities: true }
}

function keysUpTo(maximum: number) {
  return { minimum: 1, maximum, spread: 'scattered' } as const
}
