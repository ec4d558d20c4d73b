import { expect, test } from 'vitest'
import type { HeavyClients, Workload } from '../../harness/contract/workload.ts'
import { portChooser } from '../../harness/workload/trace.ts'
import type { Routing } from '../../harness/workload/trace-layout.ts'
import { chiSquare, tally, UNLIKELY } from './goodness-of-fit.ts'

const DRAWS = 50_000

function choices(
  heavyClients: HeavyClients,
  portCount: number,
  routing: Routing = 'random',
  seed = 1,
): Int32Array {
  const workload: Workload = {
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    heavyClients,
  }
  const portOf = portChooser({ workload, portCount, routing, seed })
  // The shard and the trace's own draw are not asked.
  return tally(() => portOf(0, 0), portCount, DRAWS)
}

test('one heavy client in ten makes the port to which it is connected busy', () => {
  const counts = choices({ clients: 10, heavyShare: 0.1, requestShare: 0.9 }, 2)
  // Of the nine others four are connected to the same port.
  const shares = [0.9 + (0.1 * 4) / 9, (0.1 * 5) / 9]
  expect(
    chiSquare(
      counts.toSorted((a, b) => b - a),
      shares,
    ),
  ).toBeGreaterThan(UNLIKELY)
})

test('where each port has a client, and all are alike, ports are', () => {
  expect(
    chiSquare(choices({ clients: 4, heavyShare: 1, requestShare: 0.5 }, 4), Array(4).fill(0.25)),
  ).toBeGreaterThan(UNLIKELY)
  expect(
    chiSquare(choices({ clients: 40, heavyShare: 0.5, requestShare: 0.5 }, 4), Array(4).fill(0.25)),
  ).toBeGreaterThan(UNLIKELY)
})

test('at least one client is heavy, and clients beyond the ports leave none out', () => {
  const counts = choices({ clients: 4, heavyShare: 0, requestShare: 1 }, 4)
  expect(counts.toSorted()).toEqual(Int32Array.of(0, 0, 0, DRAWS))
  expect(choices({ clients: 1, heavyShare: 0, requestShare: 0 }, 3)).toEqual(
    Int32Array.of(DRAWS, 0, 0),
  )
})

test('the same clients are heavy under either routing and every seed', () => {
  const clients = { clients: 10, heavyShare: 0.1, requestShare: 0.9 }
  const busiest = (counts: Int32Array) => counts.indexOf(Math.max(...counts))
  const port = busiest(choices(clients, 2))
  expect(choices(clients, 2, 'shard-aware')).toEqual(choices(clients, 2))
  expect(busiest(choices(clients, 2, 'random', 2))).toBe(port)
})
