import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { driveHttp } from '../../../harness/ports/http/http-driver.ts'
import { Doorbell, DOORBELL_WORDS } from '../../../harness/shared-memory/doorbell.ts'
import { type IdlePolicy, sharedPolicy } from '../../../harness/shared-memory/idle-strategy.ts'
import { oneThread } from '../../shared-memory/thread-parts.ts'
import { createHttpBench, get, type HttpBench, settle, until, valueOf } from './bench.ts'

const PROCESSORS = 2
const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'

let bench: HttpBench
let stopped: boolean
let closing: boolean
beforeEach(async () => {
  bench = await createHttpBench()
  stopped = false
  closing = false
})
afterEach(async () => {
  vi.restoreAllMocks()
  stopped = true
  await bench.close()
})

/** Drives the bench's port on this test's own event loop. @param others threads that are awake besides. */
function drive(policy: IdlePolicy, others = 0) {
  const parts = oneThread(PROCESSORS)
  for (let other = 0; other < others; other++) parts.awake.add()
  const doorbell = new Doorbell(
    new Int32Array(new SharedArrayBuffer(DOORBELL_WORDS * 4)),
    0,
    parts.awake,
    parts.counters,
  )
  const { port, clock } = bench
  const received = new Int32Array(8)
  // Slots that are kept until somebody rings.
  const kept: number[] = []
  const course = { isKeeping: false, missed: 0, turns: 0, nextTimerNs: Number.POSITIVE_INFINITY }
  const turn = (): boolean => {
    course.turns++
    if (course.missed > 0) {
      course.missed--
      return false
    }
    const count = port.receive(received, received.length)
    kept.push(...received.subarray(0, count))
    if (course.isKeeping || kept.length === 0) return count !== 0
    bench.serve(kept)
    bench.reply(kept.splice(0))
    return true
  }
  driveHttp(
    {
      turn,
      isHeldUp: () => false,
      nextTimerNs: (target, at) => {
        target[at] = course.nextTimerNs
      },
    },
    {
      port,
      doorbell,
      idle: { policy: sharedPolicy(policy), spinNs: 0, moderationNs: 0, earlyNs: 0 },
      awake: parts.awake,
      clock,
      counters: parts.counters,
      stopped: () => stopped,
      closing: () => closing,
    },
  )
  const sleeps = async () => {
    await until(() => parts.awakeCount() === others)
    await settle()
  }
  return { doorbell, parts, course, sleeps }
}

test('a thread without work sleeps, and the kernel wakes it for a request', async () => {
  const { parts, course, sleeps } = drive('park')
  const client = await bench.connect()
  for (let request = 1; request <= 3; request++) {
    await sleeps()
    const { turns } = course
    await settle()
    expect(course.turns).toBe(turns)
    client.send(get(`k${request}`))
    await until(() => client.replies().length === request)
  }
  await sleeps()
  expect(parts.awakeCount()).toBe(0)
  expect(client.replies().map(({ body }) => body)).toEqual(['k1', 'k2', 'k3'].map(valueOf))
})

test('a sleeping thread is woken by its doorbell', async () => {
  const { doorbell, course, sleeps, parts } = drive('park')
  const client = await bench.connect()
  course.isKeeping = true
  client.send(get('a'))
  await until(() => bench.port.inFlight() === 1)
  await sleeps()
  course.isKeeping = false
  doorbell.ring()
  await until(() => client.replies().length === 1)
  await sleeps()
  expect(parts.awakeCount()).toBe(0)
})

test('what comes right behind the last look before a sleep is seen by a second one', async () => {
  const { course, sleeps } = drive('park')
  const client = await bench.connect()
  await sleeps()
  course.missed = 1
  client.send(get('a'))
  await until(() => client.replies().length === 1)
  expect(course.missed).toBe(0)
})

test.each(['poll', 'park'] as const)(
  'under %s, all of what the port answers by itself goes out, though the thread has no work',
  async (policy) => {
    const { sleeps } = drive(policy, PROCESSORS)
    const client = await bench.connect()
    await sleeps()
    // Many times what a connection may have on its way.
    client.send(HEALTH.repeat(1_000))
    await until(() => client.replies().length === 1_000)
    expect(client.rest()).toBe('')
  },
)

const MESSAGES = [
  ['a right request', get('a')],
  ['a request that the port answers itself', HEALTH],
  ['no request', 'no request\r\n\r\n'],
  ['another version', 'GET / HTTP/3.0\r\n\r\n'],
] as const

test.each(
  MESSAGES.flatMap(([name, text]) => [[0, name, text] as const, [PROCESSORS, name, text] as const]),
)(
  'with %i others awake, a sleeping thread that was woken by %s counts as asleep once',
  async (others, _, message) => {
    const { parts, sleeps } = drive('park', others)
    await sleeps()
    for (let round = 0; round < 2; round++) {
      const client = await bench.connect()
      client.send(message)
      await until(() => client.replies().length === 1)
      await settle()
      expect(parts.awakeCount()).toBe(others)
      client.socket.end()
      await until(() => client.isClosed)
      await settle()
      expect(parts.awakeCount()).toBe(others)
    }
  },
)

test('a thread polls while there are processors for all that are awake, and parks otherwise', async () => {
  const spinning = drive('poll', PROCESSORS - 1)
  await until(() => spinning.course.turns > 100)
  expect(spinning.parts.counters.read().parks).toBe(0)
  spinning.parts.awake.add()
  await until(() => spinning.parts.counters.read().parks > 0)
})

test('when it is to close, connections end and what is on its way is answered', async () => {
  const { course, doorbell, sleeps } = drive('park')
  const [idle, busy] = [await bench.connect(), await bench.connect()]
  course.isKeeping = true
  busy.send(get('a'))
  await until(() => bench.port.inFlight() === 1)
  await sleeps()
  closing = true
  await until(() => idle.isClosed)
  expect(busy.isClosed).toBe(false)
  course.isKeeping = false
  doorbell.ring()
  await until(() => busy.isClosed)
  expect(busy.replies()[0]!.fields.get('connection')).toBe('close')
})

test('when it is stopped, it tears connections down and turns no more', async () => {
  const { course } = drive('poll')
  const client = await bench.connect()
  await until(() => bench.figures().connections === 1)
  stopped = true
  await until(() => client.isClosed)
  const { turns } = course
  await settle()
  expect(course.turns).toBe(turns)
})

test('a thread sleeps until its next timer, and no longer', async () => {
  const { course, sleeps, parts } = drive('park')
  await sleeps()
  const timers = vi.spyOn(globalThis, 'setTimeout')
  // The bench's clock stands still.
  course.nextTimerNs = bench.clock.nowNs() + 7_500_000
  const client = await bench.connect()
  client.send(get('k1'))
  await until(() => client.replies().length === 1 && parts.awakeCount() === 0)
  expect(timers.mock.calls.map(([, ms]) => ms)).toContain(7)
  const { turns } = course
  await until(() => course.turns > turns)
})

test('a timer that is due before one that is set already is not kept waiting', async () => {
  const { course, sleeps, parts } = drive('park')
  await sleeps()
  const asleepAgain = () => parts.awakeCount() === 0
  const client = await bench.connect()
  const send = async (replies: number) => {
    client.send(get('k1'))
    await until(() => client.replies().length === replies && asleepAgain())
  }
  const timers = vi.spyOn(globalThis, 'setTimeout')
  course.nextTimerNs = bench.clock.nowNs() + 80_500_000
  await send(1)
  course.nextTimerNs = bench.clock.nowNs() + 3_500_000
  await send(2)
  expect(timers.mock.calls.map(([, ms]) => ms)).toEqual(expect.arrayContaining([80, 3]))
})

test('a timer that is due sooner than the loop can tell is waited for in turns', async () => {
  const { course, sleeps, parts } = drive('park')
  await sleeps()
  course.nextTimerNs = bench.clock.nowNs() + 400_000
  const client = await bench.connect()
  client.send(get('k1'))
  await until(() => client.replies().length === 1)
  const { turns } = course
  await until(() => course.turns > turns + 20)
  expect(parts.awakeCount()).toBe(1)
})
