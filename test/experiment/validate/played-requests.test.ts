import fc from 'fast-check'
import { expect, test } from 'vitest'
import { playedByAll, playedByPort } from '../../../harness/experiment/validate/played-requests.ts'
import { type TinyRequest, tinyTrace } from '../tiny-trace.ts'

const TRACE = tinyTrace(4, [
  [
    [0, 10],
    [2.5, 20],
  ],
  [[1, 30]],
  [],
])

test('a port plays what is due before the end, cycle after cycle, with its service times', () => {
  const { arrivalsNs, servicesNs } = playedByPort(TRACE, TRACE.ports[0]!, 100, 651)
  expect([...arrivalsNs]).toEqual([0, 250, 400, 650])
  expect([...servicesNs]).toEqual([10, 20, 10, 20])
})

test('what is due exactly at the end is not played', () => {
  expect([...playedByPort(TRACE, TRACE.ports[0]!, 100, 250).arrivalsNs]).toEqual([0])
  expect([...playedByPort(TRACE, TRACE.ports[0]!, 100, 0).arrivalsNs]).toEqual([])
})

test('a port without requests plays nothing', () => {
  expect(playedByPort(TRACE, TRACE.ports[2]!, 100, 10_000).arrivalsNs).toHaveLength(0)
})

test('all ports are merged by the instants, each request with its own service time', () => {
  const { arrivalsNs, servicesNs } = playedByAll(TRACE, 100, 550)
  expect([...arrivalsNs]).toEqual([0, 100, 250, 400, 500])
  expect([...servicesNs]).toEqual([10, 30, 20, 10, 30])
})

test('merging loses and doubles nothing', () => {
  const port = fc
    .uniqueArray(fc.nat(15), { maxLength: 8 })
    .chain((gaps) =>
      fc.tuple(
        ...gaps
          .toSorted((a, b) => a - b)
          .map((gap) => fc.tuple(fc.constant(gap), fc.integer({ min: 1, max: 1_000 }))),
      ),
    )
  const lengths = fc.integer({ min: 0, max: 6_000 })
  fc.assert(
    fc.property(fc.array(port, { minLength: 1, maxLength: 4 }), lengths, (ports, endNs) => {
      const trace = tinyTrace(16, ports as TinyRequest[][])
      const merged = playedByAll(trace, 100, endNs)
      expect(merged.arrivalsNs.toSorted()).toEqual(merged.arrivalsNs)
      const pairsOf = ({ arrivalsNs, servicesNs }: typeof merged) =>
        Array.from(arrivalsNs, (ns, i) => `${ns} ${servicesNs[i]}`)
      const each = trace.ports.flatMap((part) => pairsOf(playedByPort(trace, part, 100, endNs)))
      expect(pairsOf(merged).toSorted()).toEqual(each.toSorted())
    }),
  )
})
