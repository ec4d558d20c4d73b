import { expect, test } from 'vitest'
import type { HandlerStage, Stage } from '../../harness/contract/stage.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import {
  planThreads,
  stagePlansOf,
  stagesOf,
  touchingThreads,
} from '../../harness/server/deployment.ts'

const CORES = [0, 1]
const workload: Workload = {
  recordCount: 1,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
  memory: { megabytes: 1, state: 'locked' },
}
const call = { wait: { micros: 5, blocking: true, offload: true } } as const
const device = { wait: { micros: 5 } } as const

/** Three stages, of which the middle one touches pages and does what is declared besides. */
function stagesWith(declared: Partial<HandlerStage> = {}): readonly Stage[] {
  const touching = { name: 'touch', touch: { pages: 1 }, ...declared, run: () => {} } as Stage
  return [{ name: 'decode', codec: 'decode' }, touching, { name: 'encode', codec: 'encode' }]
}

const shapeOf = (arm: string, declared: Partial<HandlerStage> = {}) => ({
  arm: parseArms(`${arm},staged:batch=3`)[0],
  cores: CORES,
  stages: stagesWith(declared),
  workload,
})

test.each([
  ['staged', {}, 2],
  ['sharded', {}, 2],
  // Threads that sleep are many, in whichever pool they are.
  ['staged', call, 32],
  ['staged', device, 32],
  ['staged:blockingThreads=5', call, 5],
  // The off-load threads execute the stage, and reactors do where a call takes no time.
  ['sharded', call, 34],
  ['sharded:offloadThreads=3', call, 5],
  ['sharded:offload=off', call, 2],
  // A timer needs no thread.
  ['sharded', device, 2],
  ['staged:layout=fused', {}, 2],
  ['staged:layout=fused', call, 34],
  // All that the controller may call up are started.
  ['staged:controllers=threads', {}, 16],
  // Who runs the next stage inline touches, too: the threads of the stage before.
  ['staged:inline=on', {}, 4],
] as const)('of %s with stages %o %i threads touch memory', (arm, declared, threads) => {
  expect(touchingThreads(shapeOf(arm, declared))).toBe(threads)
})

const burn = { burn: { micros: 100 } } as const

test.each([
  ['staged', burn, [256, 5, 256]],
  // Whoever takes a batch from the first queue burns for all of it.
  ['staged:layout=fused', burn, [5, 5, 256]],
  ['staged:layout=fused:inline=off', burn, [256, 5, 256]],
  ['staged:layout=fused', { burn: { micros: 1_000 } }, [1, 1, 256]],
  ['staged:layout=fused', {}, [256, 256, 256]],
  // Nobody brings more than one along to a stage that sleeps; a timer sleeps for nobody.
  ['staged:layout=fused', { ...burn, ...device }, [256, 1, 256]],
  ['staged:layout=fused:waits=async', { ...burn, ...device }, [5, 5, 256]],
] as const)('of %s with stages %o batches are at most %j', (arm, declared, batches) => {
  expect(stagePlansOf(shapeOf(arm, declared)).map(({ batch }) => batch)).toEqual(batches)
})

test('a server whose stages touch nothing has no such thread', () => {
  const stages = stagesWith().filter(({ name }) => name !== 'touch')
  expect(touchingThreads({ ...shapeOf('staged'), stages })).toBe(0)
})

test('the threads that are counted are those that are started, with the same duties', () => {
  const shape = shapeOf('sharded', call)
  const plans = planThreads(shape)
  expect(plans.map(({ name }) => name.replace(/\d+$/, ''))).toEqual([
    ...Array<string>(2).fill('reactor-'),
    ...Array<string>(32).fill('off-load-'),
  ])
  const server = { architecture: 'sharded', inline: false } as const
  for (const plan of plans) {
    expect(stagesOf(plan, server, shape.stages).map(({ name }) => name)).toEqual(['touch'])
  }
  const network = planThreads(shapeOf('staged'))[0]!
  expect(network.name).toBe('network-0')
  expect(stagesOf(network, { architecture: 'staged', inline: true }, shape.stages)).toEqual([])
})
