import { afterEach, expect, test } from 'vitest'
import { NS_PER_MS, NS_PER_SECOND } from '../../harness/base/units.ts'
import type { LoadPlan } from '../../harness/load/load-plan.ts'
import { connectOpenLoop, type OpenLoopOptions } from '../../harness/load/open-loop-client.ts'
import { fineBucket } from '../../harness/measure/buckets.ts'
import { Schedule } from '../../harness/workload/schedule.ts'
import {
  clockOf,
  LEAD_NS,
  misfits,
  play,
  planFor,
  recorded,
  sumOf,
  total,
  totalOf,
  traceOf,
  WORKLOAD,
} from './plans.ts'
import { RecordServer, type RecordServerOptions } from './record-server.ts'

const servers: RecordServer[] = []

async function serve(options: Partial<RecordServerOptions> = {}): Promise<RecordServer> {
  const { recordCount, valueBytes } = WORKLOAD
  const server = await RecordServer.start({ recordCount, valueBytes, ...options })
  servers.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function run(plan: LoadPlan, options: OpenLoopOptions = {}, onWarm?: () => void) {
  const clock = clockOf(plan)
  return play(await connectOpenLoop(plan, clock, options), clock, onWarm)
}

/** Requests that a port's schedule places in the steady state. */
function dueAt(plan: LoadPlan, port: number): number {
  const trace = traceOf(plan.steady)
  const schedule = new Schedule(trace.ports[port]!, trace.cycleGaps)
  schedule.start(0, NS_PER_SECOND / plan.offeredPerSecond!)
  while (schedule.nextDueNs < plan.steadyNs) schedule.advance()
  return schedule.played()
}

function dueOf(plan: LoadPlan): number {
  return plan.target.tcpPorts.reduce((sum, _, port) => sum + dueAt(plan, port), 0)
}

/** Requests that a server answers right after `begin` before it deviates; the warm-up's last ones are among them. */
class Later {
  readonly #count: number
  #isWarm = false
  #seen = 0

  constructor(count: number) {
    this.#count = count
  }

  readonly begin = (): void => {
    this.#isWarm = true
  }

  /** Tells which request after those it is, from 1; 0 or less for an earlier one. */
  next(): number {
    return this.#isWarm ? ++this.#seen - this.#count : 0
  }
}

test('sends every request that is due once, at its port, and has it answered', async () => {
  const two = [await serve(), await serve()]
  const plan = planFor(two.map((server) => server.port))
  const result = await run(plan)
  expect(result).toMatchObject({
    wrong: null,
    lost: 0,
    connectionErrors: 0,
    firstConnectionError: null,
    warmUpHash: traceOf(plan.warmUp).hash,
    steadyHash: traceOf(plan.steady).hash,
  })
  for (const [port, load] of result.ports.entries()) {
    const due = dueAt(plan, port)
    expect(load.steady.played).toBe(due)
    expect(totalOf(load, 'played')).toBe(due)
    expect(totalOf(load, 'received')).toBe(due)
    expect(sumOf(load.recorder.fine)).toBe(due)
    expect(sumOf(load.recorder.windows)).toBe(due)
    expect(two[port]!.targets.length).toBe(due + load.warmUp.played)
    expect(totalOf(load, 'smallestNs')).toBeGreaterThan(0)
    expect(totalOf(load, 'finished')).toBe(1)
  }
  for (const name of ['refused', 'neverReceived', 'inFlight', 'oldestUnansweredNs'] as const)
    expect(total(result, name)).toBe(0)
  expect(
    total(result, 'repliesFirstHalf') + total(result, 'repliesSecondHalf'),
  ).toBeLessThanOrEqual(two.reduce((sum, server) => sum + server.targets.length, 0))
  expect(sumOf(result.lateness!.fine)).toBe(dueOf(plan))
  expect(misfits(plan, result, two)).toEqual([])
  expect(result.cpuSeconds).toBeGreaterThan(0)
  expect(result.busySeconds).toBeGreaterThan(0)
  expect(result.busySeconds).toBeLessThanOrEqual(result.cpuSeconds)
  expect(result.drainNs).toBeGreaterThanOrEqual(0)
})

test('shares the connections out among the ports and uses them all', async () => {
  const two = [await serve(), await serve()]
  const plan = planFor(
    two.map((server) => server.port),
    { connections: 6 },
  )
  await run(plan)
  expect(two.map((server) => server.connections)).toEqual([3, 3])
})

test('remembers the version of the latest reply by position', async () => {
  const server = await serve()
  const plan = planFor([server.port])
  const result = await run(plan)
  const { steady } = result.ports[0]!
  const largest = steady.versions.reduce((a, b) => Math.max(a, b), 0)
  expect(largest).toBeGreaterThan(0)
  expect(largest).toBeLessThanOrEqual(server.versions.reduce((a, b) => Math.max(a, b), 0))
})

test.for([
  ['wrong-checksum', /^port=0 key=\d+: the checksum of the entity tag fits neither/],
  ['torn-payload', /^port=0 key=\d+: the payload is cut or torn/],
  ['server-error', /^port=0 key=\d+: status 500 instead of 200$/],
] as const)('tells the first wrong reply: %s', async ([deviation, sentence]) => {
  const server = await serve({ deviate: (number) => (number > 50 ? deviation : undefined) })
  const result = await run(planFor([server.port]))
  expect(result.wrong).toMatch(sentence)
})

test('counts what is refused, and records no latency of it', async () => {
  const server = await serve({ deviate: (number) => (number % 3 === 0 ? 'refuse' : undefined) })
  const plan = planFor([server.port])
  const result = await run(plan)
  const { warmUp, steady } = result.ports[0]!
  expect(result.wrong).toBe(null)
  expect(total(result, 'refused')).toBeGreaterThan(0)
  expect(sumOf(steady.refusals)).toBe(total(result, 'refused'))
  expect(sumOf(steady.refusals) + sumOf(warmUp.refusals)).toBe(
    Math.floor(server.targets.length / 3),
  )
  expect(total(result, 'received') + total(result, 'refused')).toBe(dueOf(plan))
  expect(recorded(result)).toBe(total(result, 'received'))
  expect(misfits(plan, result, [server])).toEqual([])
})

test('gives up what nobody answers, and what could not be sent because of it', async () => {
  const later = new Later(30)
  const server = await serve({ deviate: () => (later.next() > 0 ? 'silent' : undefined) })
  const plan = planFor([server.port], { connections: 2, pipelining: 2, drainMs: 50 })
  const result = await run(plan, { lostAfterNs: 200 * NS_PER_MS }, later.begin)
  expect(result.lost).toBe(4)
  expect(sumOf(result.ports[0]!.steady.uncertain)).toBe(4)
  expect(total(result, 'inFlight')).toBe(4)
  expect(total(result, 'neverReceived')).toBeGreaterThan(0)
  expect(total(result, 'received') + total(result, 'neverReceived')).toBe(dueOf(plan))
  expect(recorded(result)).toBe(total(result, 'received') - 4)
  expect(total(result, 'oldestUnansweredNs')).toBeGreaterThan(result.drainNs)
  expect(result.drainNs).toBeGreaterThan(200 * NS_PER_MS)
  expect(misfits(plan, result, [server])).toEqual([])
})

test('sends late what is due while the only connection waits, and counts the wait as latency', async () => {
  const slowMs = 100
  const later = new Later(30)
  const server = await serve({
    deviate: () => (later.next() === 1 ? { answerAfterMs: slowMs } : undefined),
  })
  const plan = planFor([server.port], { connections: 1, steadyMs: 400 })
  const result = await run(plan, {}, later.begin)
  expect(total(result, 'received')).toBe(dueOf(plan))
  expect(recorded(result)).toBe(dueOf(plan))
  expect(server.mostInFlight).toBe(1)
  expect(total(result, 'largestBacklog')).toBeGreaterThan(1)
  expect(total(result, 'largestBacklogAgeNs')).toBeGreaterThan(0)
  const from = fineBucket((slowMs / 2) * NS_PER_MS)
  const slow = sumOf(result.ports[0]!.recorder.fine.subarray(from))
  expect(slow).toBeGreaterThan(1)
  // A connection that was not free is no lateness of the client's.
  expect(sumOf(result.lateness!.fine.subarray(from))).toBeLessThan(slow)
  expect(result.ports[0]!.recorder.maxima.some((ns) => ns >= (slowMs / 2) * NS_PER_MS)).toBe(true)
})

test('keeps several requests in flight on one connection, in any order of reads and updates', async () => {
  const server = await serve({
    deviate: () => ({ answerAfterMs: 10 }),
  })
  const plan = planFor([server.port], { connections: 1, pipelining: 4 })
  const result = await run(plan)
  expect(server.connections).toBe(1)
  expect(server.mostInFlight).toBe(4)
  expect(result.wrong).toBe(null)
  expect(recorded(result)).toBe(dueOf(plan))
  expect(misfits(plan, result, [server])).toEqual([])
})

test('loses what is on a connection that breaks, sends nothing of it again, and goes on', async () => {
  const server = await serve({
    deviate: (number) => {
      if (number % 40 === 0) return 'break'
      return { answerAfterMs: 5 }
    },
  })
  const plan = planFor([server.port], { connections: 1, pipelining: 4 })
  const result = await run(plan)
  expect(result.connectionErrors).toBeGreaterThan(0)
  expect(result.firstConnectionError).toMatch(/./)
  expect(result.lost).toBeGreaterThan(result.connectionErrors)
  const { warmUp, steady } = result.ports[0]!
  expect(sumOf(warmUp.uncertain) + sumOf(steady.uncertain)).toBe(result.lost)
  expect(total(result, 'received')).toBe(dueOf(plan))
  expect(recorded(result)).toBe(dueOf(plan) - sumOf(steady.uncertain))
  expect(total(result, 'oldestUnansweredNs')).toBeGreaterThan(0)
  expect(misfits(plan, result, [server])).toEqual([])
})

test('ends when the server has gone', async () => {
  const server = await serve()
  const plan = planFor([server.port], { drainMs: 100 })
  const clock = clockOf(plan)
  const client = await connectOpenLoop(plan, clock)
  await client.warmUp()
  await servers.pop()!.stop()
  const result = await client.steadyState(clock.nowNs() + LEAD_NS)
  await client.close()
  expect(result.lost).toBeGreaterThan(0)
  expect(result.firstConnectionError).toMatch(/ECONNREFUSED|closed|ECONNRESET/)
  expect(recorded(result)).toBe(0)
  expect(total(result, 'received') + total(result, 'neverReceived')).toBe(dueOf(plan))
})

test('says which server it cannot connect to', async () => {
  const server = await serve()
  const { port } = server
  await servers.pop()!.stop()
  const plan = planFor([port])
  await expect(connectOpenLoop(plan, clockOf(plan))).rejects.toMatchObject({
    code: 'connect',
    message: expect.stringContaining(`host=127.0.0.1 tcpPorts=${port}: connect ECONNREFUSED`),
  })
})

test('breaks off when it is closed, as often as one likes', async () => {
  const server = await serve()
  const plan = planFor([server.port])
  const client = await connectOpenLoop(plan, clockOf(plan))
  const [warming] = await Promise.allSettled([client.warmUp(), client.close()])
  expect(warming).toMatchObject({ status: 'rejected', reason: { code: 'closed' } })
  await client.close()
})

test('asks for the document, and nothing else, of a workload that has one', async () => {
  const text = 'Hello, World!'
  const server = await serve({ document: { path: '/plaintext', text } })
  const document = { path: '/plaintext', contentType: 'text/plain', text }
  const plan = planFor([server.port], { workload: { ...WORKLOAD, document } })
  const result = await run(plan)
  expect(result.wrong).toBe(null)
  expect(recorded(result)).toBe(dueOf(plan))
  expect(new Set(server.targets)).toEqual(new Set(['/plaintext']))
  const other = { ...document, text: 'Hello, world!' }
  const changed = planFor([server.port], { workload: { ...WORKLOAD, document: other } })
  const wrong = await run(changed)
  expect(wrong.wrong).toMatch(/^port=0 key=\d+: a body of 13 bytes that is not the document$/)
})

test('sends the service time that the trace drew', async () => {
  const server = await serve()
  const workload = { ...WORKLOAD, serviceTimes: { kind: 'exponential', meanMicros: 50 } } as const
  const plan = planFor([server.port], { workload })
  const result = await run(plan)
  expect(result.wrong).toBe(null)
  const services = traceOf(plan.steady).ports[0]!.services
  const sent = server.targets
    .slice(result.ports[0]!.warmUp.played)
    .map((target) => Number(target.split('?service=')[1]))
  expect(sent.toSorted((a, b) => a - b)).toEqual(
    Array.from(sent, (_, i) => services[i % services.length]!).toSorted((a, b) => a - b),
  )
})

test('lets others have the processor when there is nothing to do', async () => {
  const server = await serve()
  let yields = 0
  const result = await run(planFor([server.port]), { yieldProcessor: () => yields++ })
  expect(result.wrong).toBe(null)
  expect(yields).toBeGreaterThan(0)
})
