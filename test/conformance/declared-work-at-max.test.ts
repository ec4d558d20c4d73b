import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { shortTrial } from './bench.ts'

const SCENARIO = fileURLToPath(new URL('scenarios/busy-store.ts', import.meta.url))
const SECONDS = 1

/*
 * Real threads at `max`, on a few keys: every reply is checked, also that there is just one, and after the drain each key's
 * version is the number of updates that were answered.
 */
test.each([
  ['legs', 'staged:threads=4'],
  ['legs', 'staged:layout=fused:threads=6:locks=reader-writer'],
  ['legs', 'sharded'],
  ['legs', 'sharded:ringCapacity=2:batch=3'],
  ['legs', 'sharded:ringCapacity=8:batch=1:permits=64'],
  ['call', 'sharded'],
  ['call', 'sharded:offloadThreads=1'],
  ['call', 'sharded:offloadThreads=64:batch=4'],
  ['call', 'staged:blockingThreads=3:queueCapacity=64'],
  ['call', 'staged:layout=fused:blockingThreads=5'],
  ['all', 'staged:blockingThreads=6'],
  ['all', 'staged:layout=fused:blockingThreads=6'],
  ['all', 'sharded:offloadThreads=6:ringCapacity=4:quotaMicros=100'],
])('every request with %s is answered once and right by %s', async (kind, arm) => {
  const trial = await shortTrial({
    scenario: SCENARIO,
    arm,
    parameters: { kind, keys: '5' },
    offeredPerSecond: null,
    steadySeconds: SECONDS,
  })
  expect(trial.void).toBeNull()
  expect(trial.counts.completed).toBeGreaterThan(0)
  expect(trial.counts).toMatchObject({ completed: trial.counts.due, refused: 0, unanswered: 0 })
  expect(trial.attribution?.sumsWithinShare ?? 1).toBeGreaterThanOrEqual(0.99)
})
