import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import {
  INSERT_OPERATION,
  READ_MODIFY_WRITE_OPERATION,
  READ_OPERATION,
  UPDATE_OPERATION,
} from '../../harness/contract/request.ts'
import type { OperationMix } from '../../harness/contract/workload.ts'
import { isWrite, operationDrawer } from '../../harness/workload/operations.ts'
import { chiSquare, tally, UNLIKELY } from './goodness-of-fit.ts'

const DRAWS = 50_000

test.each([
  { read: 95, update: 0, insert: 5 },
  { read: 50, update: 0, readModifyWrite: 50 },
  { read: 1, update: 2, insert: 3, readModifyWrite: 4 },
  { read: 30, update: 1 },
] satisfies OperationMix[])('operations come in the shares of %o', (mix: OperationMix) => {
  const counts = tally(operationDrawer(mix, seededRandom(1)), 5, DRAWS)
  const weights = [0, mix.read, mix.update, mix.insert ?? 0, mix.readModifyWrite ?? 0]
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const present = weights.flatMap((weight, operation) => (weight === 0 ? [] : [operation]))
  expect(
    chiSquare(
      present.map((operation) => counts[operation]!),
      present.map((operation) => weights[operation]! / sum),
    ),
  ).toBeGreaterThan(UNLIKELY)
  expect(counts.every((count, operation) => count === 0 || weights[operation]! > 0)).toBe(true)
})

test('an operation with all of the weight is the only one', () => {
  const only = { read: 0, update: 0, insert: 0, readModifyWrite: 0 }
  const ends = [0, 0.5, 1 - 2 ** -53]
  for (const [name, operation] of [
    ['read', READ_OPERATION],
    ['update', UPDATE_OPERATION],
    ['insert', INSERT_OPERATION],
    ['readModifyWrite', READ_MODIFY_WRITE_OPERATION],
  ] as const) {
    for (const unit of ends) {
      const random = { int32: () => 0, unit: () => unit }
      expect(operationDrawer({ ...only, [name]: 3 }, random)()).toBe(operation)
    }
    expect(isWrite(operation)).toBe(name !== 'read')
  }
})
