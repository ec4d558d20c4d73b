import { expect, test } from 'vitest'
import { parseArm } from '../../harness/asked/arms.ts'
import type { ThreadPlan } from '../../harness/contract/architecture.ts'
import { idlePolicyOf } from '../../harness/server/deployment.ts'

const REACTORS: readonly ThreadPlan[] = [
  { name: 'reactor-0', port: 0 },
  { name: 'reactor-1', port: 1 },
]
const OFF_LOAD: ThreadPlan = { name: 'off-load-0', duty: 'off-load' }
const POOL = { name: 'apply-0', stages: [0], place: 0 }

test.each([
  ['a thread per processor spins', 'sharded', REACTORS, 2, 'spin-park'],
  ['threads for calls that block do not count', 'sharded', [...REACTORS, OFF_LOAD], 2, 'spin-park'],
  ['more threads than processors park', 'staged', [...REACTORS, POOL], 2, 'park'],
  ['with processors for all of them they spin', 'staged', [...REACTORS, POOL], 3, 'spin-park'],
  ['virtual cores are no processors', 'sharded', REACTORS, 1, 'park'],
  ['what is asked for stands', 'staged:idle=poll', [...REACTORS, POOL], 2, 'poll'],
] as const)('%s', (_, arm, plans, processors, policy) => {
  expect(idlePolicyOf(parseArm(arm), plans, processors)).toBe(policy)
})
