import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Permits } from '../../harness/load/flight.ts'

test('takes connections in turn', () => {
  const permits = new Permits(3, 1)
  expect([permits.take(), permits.take(), permits.take()]).toEqual([0, 1, 2])
  expect(permits.free).toBe(0)
  permits.release(1, 10)
  permits.release(0, 20)
  expect([permits.take(), permits.take()]).toEqual([0, 1])
})

test('takes a connection that has nothing in flight before one that has', () => {
  const permits = new Permits(2, 2)
  permits.take()
  expect([permits.take(), permits.take()]).toEqual([1, 0])
  permits.release(1, 10)
  expect(permits.take()).toBe(1)
})

test('a request is ready when the permit came back that it had to wait for, whichever connection it takes', () => {
  const permits = new Permits(2, 1)
  expect(permits.readySinceNs()).toBe(Number.NEGATIVE_INFINITY)
  permits.take()
  // One is free all the time: what comes back meanwhile makes nobody wait.
  permits.release(0, 10)
  expect(permits.readySinceNs()).toBe(Number.NEGATIVE_INFINITY)
  permits.take()
  expect(permits.readySinceNs()).toBe(10)
})

/** Connections as a list of counts, instants as a queue. */
class PlainPermits {
  readonly pipelining: number
  readonly inFlight: number[]
  readonly freed: number[]

  constructor(connections: number, pipelining: number) {
    this.pipelining = pipelining
    this.inFlight = Array.from({ length: connections }, () => 0)
    this.freed = Array.from({ length: connections * pipelining }, () => Number.NEGATIVE_INFINITY)
  }

  busy(): number[] {
    return [...this.inFlight.keys()].filter((connection) => this.inFlight[connection]! > 0)
  }
}

/** Takes one from both; says what each knows. */
function takeBoth(permits: Permits, model: PlainPermits): [unknown[], unknown[]] {
  if (model.freed.length === 0) return [[permits.free], [0]]
  const before = [permits.free, permits.readySinceNs()]
  const connection = permits.take()
  const expected = [model.freed.length, model.freed.shift()]
  const fewest = Math.min(...model.inFlight)
  const seen = [...before, model.inFlight[connection]]
  model.inFlight[connection]!++
  return [seen, [...expected, fewest]]
}

/** Gives back one that is taken, if any. */
function releaseBoth(permits: Permits, model: PlainPermits, choice: number, nowNs: number): void {
  const busy = model.busy()
  if (busy.length === 0) return
  const connection = busy[choice % busy.length]!
  model.inFlight[connection]!--
  model.freed.push(nowNs)
  permits.release(connection, nowNs)
}

test('behaves like a plain model of connections and of the instants at which permits came back', () => {
  const small = fc.integer({ min: 1, max: 5 })
  const steps = fc.array(fc.oneof(fc.constant('take' as const), fc.nat(1_000)))
  fc.assert(
    fc.property(small, small, steps, (connections, pipelining, events) => {
      const permits = new Permits(connections, pipelining)
      const model = new PlainPermits(connections, pipelining)
      for (const [nowNs, event] of events.entries()) {
        const [seen, expected] = event === 'take' ? takeBoth(permits, model) : [[], []]
        if (event !== 'take') releaseBoth(permits, model, event, nowNs)
        expect(seen).toEqual(expected)
        expect(permits.inFlight).toBe(model.inFlight.reduce((a, b) => a + b, 0))
      }
    }),
  )
})
