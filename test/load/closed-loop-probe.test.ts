import { afterEach, expect, test } from 'vitest'
import { NS_PER_MS } from '../../harness/base/units.ts'
import { ClosedLoopProbe } from '../../harness/load/closed-loop-probe.ts'
import type { LoadPlan } from '../../harness/load/load-plan.ts'
import {
  clockOf,
  LEAD_NS,
  misfits,
  play,
  planFor,
  type PlanChanges,
  recorded,
  sumOf,
  total,
  totalOf,
  traceOf,
  WORKLOAD,
} from './plans.ts'
import { type Deviation, RecordServer, type RecordServerOptions } from './record-server.ts'

const servers: RecordServer[] = []

/** Answers late unless told otherwise, so that the probe leaves this process time for its own work. */
async function serve(options: Partial<RecordServerOptions> = {}): Promise<RecordServer> {
  const { recordCount, valueBytes } = WORKLOAD
  const deviate = (): Deviation => ({ answerAfterMs: 2 })
  const server = await RecordServer.start({ recordCount, valueBytes, deviate, ...options })
  servers.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

function probePlan(tcpPorts: readonly number[], changes: PlanChanges = {}): LoadPlan {
  return planFor(tcpPorts, { offeredPerSecond: null, ...changes })
}

async function run(plan: LoadPlan, lostAfterNs?: number) {
  const clock = clockOf(plan)
  return play(new ClosedLoopProbe(plan, clock, lostAfterNs), clock)
}

test('keeps every connection busy, and counts what was answered by position', async () => {
  const two = [await serve(), await serve()]
  const plan = probePlan(
    two.map((server) => server.port),
    { connections: 4, pipelining: 2 },
  )
  const result = await run(plan)
  expect(result).toMatchObject({
    lateness: null,
    wrong: null,
    lost: 0,
    connectionErrors: 0,
    warmUpHash: traceOf(plan.warmUp).hash,
    steadyHash: traceOf(plan.steady).hash,
  })
  for (const [port, { warmUp, steady, recorder }] of result.ports.entries()) {
    const server = two[port]!
    expect(server.connections).toBe(2)
    expect(server.mostInFlight).toBeLessThanOrEqual(4)
    expect(warmUp.played).toBe(0)
    expect(steady.played).toBe(0)
    expect(sumOf(steady.uncertain)).toBe(4)
    // What the server never saw of the last ones was still on its way.
    const answered = sumOf(steady.answered!)
    expect(server.targets.length).toBeGreaterThanOrEqual(answered)
    expect(server.targets.length).toBeLessThanOrEqual(answered + 4)
    expect(sumOf(recorder.fine)).toBeGreaterThan(0)
    expect(sumOf(recorder.fine)).toBeLessThan(answered)
    expect(totalOf(result.ports[port]!, 'received')).toBe(sumOf(recorder.fine))
    expect(totalOf(result.ports[port]!, 'finished')).toBe(1)
  }
  for (const half of ['repliesFirstHalf', 'repliesSecondHalf'] as const)
    expect(total(result, half)).toBeGreaterThan(0)
  expect(misfits(plan, result, two)).toEqual([])
  expect(result.cpuSeconds).toBeGreaterThan(0)
  expect(result.busySeconds).toBe(result.cpuSeconds)
  expect(result.drainNs).toBeGreaterThan(0)
})

test('plays a slice of the trace on each connection', async () => {
  const server = await serve()
  const plan = probePlan([server.port], { connections: 3 })
  const { answered } = (await run(plan)).ports[0]!.steady
  const { count } = traceOf(plan.steady).ports[0]!
  expect(answered!.length).toBe(count)
  for (let connection = 0; connection < 3; connection++)
    expect(answered![Math.floor((connection * count) / 3)]).toBeGreaterThan(0)
})

test('counts what is refused apart', async () => {
  const server = await serve({
    deviate: (number) => (number % 2 === 0 ? 'refuse' : { answerAfterMs: 2 }),
  })
  const plan = probePlan([server.port])
  const result = await run(plan)
  const { steady } = result.ports[0]!
  expect(result.wrong).toBe(null)
  expect(total(result, 'refused')).toBeGreaterThan(0)
  expect(sumOf(steady.refusals)).toBeGreaterThan(total(result, 'refused'))
  expect(recorded(result)).toBe(total(result, 'received'))
  expect(misfits(plan, result, [server])).toEqual([])
})

test.for([
  ['wrong-checksum', /^port=0 key=\d+: the checksum of the entity tag fits neither/],
  ['torn-payload', /^port=0 key=\d+: the payload is cut or torn/],
  ['server-error', /^port=0 key=\d+: status 500 instead of 200$/],
] as const)('tells the first wrong reply: %s', async ([deviation, sentence]) => {
  const server = await serve({
    deviate: (number) => (number % 9 === 0 ? deviation : { answerAfterMs: 2 }),
  })
  const result = await run(probePlan([server.port]))
  expect(result.wrong).toMatch(sentence)
})

test('loses everything in flight when nothing is answered any more', async () => {
  const server = await serve({ deviate: (number) => (number > 20 ? 'silent' : undefined) })
  const plan = probePlan([server.port], { connections: 2, pipelining: 3 })
  const result = await run(plan, 100 * NS_PER_MS)
  expect(result.lost).toBe(6)
  expect(result.drainNs).toBeGreaterThan(100 * NS_PER_MS)
  expect(sumOf(result.ports[0]!.steady.uncertain)).toBe(6)
  expect(misfits(plan, result, [server])).toEqual([])
})

test('does not go on on a connection that broke', async () => {
  const server = await serve({
    deviate: (number) => (number === 50 ? 'break' : { answerAfterMs: 2 }),
  })
  const plan = probePlan([server.port], { connections: 3, pipelining: 2 })
  const result = await run(plan)
  expect(result.wrong).toBe(null)
  expect(result.connectionErrors).toBe(1)
  expect(result.firstConnectionError).toMatch(/./)
  expect(result.lost).toBe(2)
  expect(sumOf(result.ports[0]!.steady.uncertain)).toBe(6)
  expect(recorded(result)).toBeGreaterThan(0)
  expect(misfits(plan, result, [server])).toEqual([])
})

test('says which server it cannot connect to', async () => {
  const { port } = await serve()
  await servers.pop()!.stop()
  const plan = probePlan([port])
  const probe = new ClosedLoopProbe(plan, clockOf(plan))
  await expect(probe.warmUp()).rejects.toMatchObject({
    code: 'connect',
    message: expect.stringContaining(`tcpPorts=${port}: connect ECONNREFUSED`),
  })
  await probe.close()
})

test('ends when the server has gone', async () => {
  const server = await serve()
  const plan = probePlan([server.port])
  const clock = clockOf(plan)
  const probe = new ClosedLoopProbe(plan, clock)
  await probe.warmUp()
  await servers.pop()!.stop()
  const result = await probe.steadyState(clock.nowNs() + LEAD_NS)
  await probe.close()
  expect(result.connectionErrors).toBe(4)
  expect(result.lost).toBe(4)
  expect(recorded(result)).toBe(0)
})

test('breaks off when it is closed, as often as one likes', async () => {
  const server = await serve()
  const plan = probePlan([server.port])
  const probe = new ClosedLoopProbe(plan, clockOf(plan))
  const [warming] = await Promise.allSettled([probe.warmUp(), probe.close()])
  expect(warming).toMatchObject({ status: 'rejected', reason: { code: 'closed' } })
  await probe.close()
})

test('asks for the document of a workload that has one', async () => {
  const text = 'Hello, World!'
  const server = await serve({ document: { path: '/plaintext', text } })
  const document = { path: '/plaintext', contentType: 'text/plain', text }
  const plan = probePlan([server.port], { workload: { ...WORKLOAD, document }, steadyMs: 50 })
  const result = await run(plan)
  expect(result.wrong).toBe(null)
  expect(recorded(result)).toBeGreaterThan(0)
  expect(new Set(server.targets)).toEqual(new Set(['/plaintext']))
})
