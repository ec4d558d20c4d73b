import { expect, test } from 'vitest'
import type { ParameterSpecs } from '../../../harness/contract/scenario.ts'
import { parseSingleLoad } from '../../../harness/asked/loads.ts'
import { parseRange } from '../../../harness/asked/range.ts'
import {
  needsCapacity,
  offeredAt,
  referenceText,
  referenceValues,
  smallestSustained,
} from '../../../harness/experiment/points/plan.ts'

const SPECS: ParameterSpecs = {
  theta: { kind: 'number', default: 0.99, minimum: 0, maximum: 10, unit: '', description: '' },
}
const request = (over: string, load = '50%') => ({
  range: parseRange(over, 3, SPECS, 4),
  load: parseSingleLoad(load),
})

test('capacity is needed for shares of it only', () => {
  expect(needsCapacity(request('theta=0..1'))).toBe(true)
  expect(needsCapacity(request('theta=0..1', '2000/s'))).toBe(false)
  expect(needsCapacity(request('load=10%..90%', '2000/s'))).toBe(true)
  expect(needsCapacity(request('load=1k/s..2k/s'))).toBe(false)
})

test('it is measured at both ends and at the default between them, of a varying load once', () => {
  expect(referenceValues(request('theta=0..1.2'), SPECS)).toEqual([0, 0.99, 1.2])
  expect(referenceValues(request('theta=1..1.2'), SPECS)).toEqual([1, 1.2])
  expect(referenceValues(request('theta=0.99..1.2'), SPECS)).toEqual([0.99, 1.2])
  expect(referenceValues(request('cores=1..4'), SPECS)).toEqual([1, 4])
  expect(referenceValues(request('load=10%..90%'), SPECS)).toEqual([10])
  expect(referenceValues(request('theta=0..1', '2000/s'), SPECS)).toEqual([])
})

test('shares are of the smallest that either arm sustains at any value', () => {
  const sustained = [
    { value: 0, arm: 'staged', perSecond: 100 },
    { value: 0, arm: 'sharded', perSecond: 90 },
    { value: 1.2, arm: 'staged', perSecond: 60 },
    { value: 1.2, arm: 'sharded', perSecond: 70 },
  ]
  expect(smallestSustained(request('theta=0..1.2').range, sustained)).toBe(60)
})

test('with cores they are per core', () => {
  const sustained = [
    { value: 1, arm: 'staged', perSecond: 100 },
    { value: 2, arm: 'staged', perSecond: 160 },
  ]
  expect(smallestSustained(request('cores=1..2').range, sustained)).toBe(80)
})

test('every value is offered the same, every core when cores vary', () => {
  expect(offeredAt(request('theta=0..1'), 0.5, 1_000)).toBe(500)
  expect(offeredAt(request('theta=0..1', '2000/s'), 0.5, 0)).toBe(2_000)
  expect(offeredAt(request('cores=1..4'), 4, 1_000)).toBe(2_000)
  expect(offeredAt(request('cores=1..4', '100/s'), 3, 0)).toBe(300)
  expect(offeredAt(request('load=10%..90%'), 90, 1_000)).toBe(900)
  expect(offeredAt(request('load=1k/s..2k/s'), 1_500, 0)).toBe(1_500)
})

test('the reference says where it was measured', () => {
  expect(referenceText(request('theta=0..1.2').range, [0, 0.99, 1.2])).toBe(
    'the smallest capacity of either arm at theta 0, 0.99 and 1.2',
  )
  expect(referenceText(request('cores=1..2').range, [1, 2])).toBe(
    'the smallest capacity per core of either arm at cores 1 and 2',
  )
  expect(referenceText(request('load').range, [10])).toBe('the smaller capacity')
})
