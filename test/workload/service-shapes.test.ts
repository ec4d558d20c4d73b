import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import {
  meanServiceMicros,
  SERVICE_SHAPES,
  serviceDrawer,
  type ServiceShape,
} from '../../harness/workload/service-times.ts'
import { chiSquare, kolmogorovSmirnov, UNLIKELY } from './goodness-of-fit.ts'

const NAMES = Object.keys(SERVICE_SHAPES) as ServiceShape[]
const DRAWS = 100_000

test.each(NAMES)('%s has the mean that it is asked for', (name) => {
  for (const meanMicros of [1, 100, 5_000])
    expect(meanServiceMicros(SERVICE_SHAPES[name](meanMicros))).toBeCloseTo(meanMicros, 9)
})

interface SourceParts {
  readonly name: ServiceShape
  readonly meanMicros: number
  /** Probability and microseconds of each, at this mean. */
  readonly parts: readonly (readonly [share: number, micros: number])[]
}

const SOURCES: readonly SourceParts[] = [
  {
    name: 'bimodal-1',
    meanMicros: 1,
    parts: [
      [0.9, 0.5],
      [0.1, 5.5],
    ],
  },
  {
    name: 'bimodal-2',
    meanMicros: 1,
    parts: [
      [0.999, 0.5],
      [0.001, 500.5],
    ],
  },
  {
    name: 'high-bimodal',
    meanMicros: 50.5,
    parts: [
      [0.5, 1],
      [0.5, 100],
    ],
  },
  {
    name: 'extreme-bimodal',
    meanMicros: 2.9975,
    parts: [
      [0.995, 0.5],
      [0.005, 500],
    ],
  },
  {
    name: 'tpc-c',
    meanMicros: 19.068,
    parts: [
      [0.44, 5.7],
      [0.04, 6],
      [0.44, 20],
      [0.04, 88],
      [0.04, 100],
    ],
  },
  {
    name: 'rocksdb-half',
    meanMicros: 526,
    parts: [
      [0.5, 2],
      [0.5, 1_050],
    ],
  },
  {
    name: 'rocksdb-rare',
    meanMicros: 7.24,
    parts: [
      [0.995, 2],
      [0.005, 1_050],
    ],
  },
]

test.each(SOURCES)('$name at a mean of $meanMicros µs has the parts of its source', (source) => {
  const { name, meanMicros, parts } = source
  const next = serviceDrawer(SERVICE_SHAPES[name](meanMicros), seededRandom(1))
  const counts = new Map(parts.map(([, micros]) => [Math.round(micros * 1_000), 0]))
  for (let draw = 0; draw < DRAWS; draw++) {
    const ns = next()
    counts.set(ns, (counts.get(ns) ?? 0) + 1)
  }
  expect(counts.size).toBe(parts.length)
  const shares = parts.map(([share]) => share)
  expect(chiSquare([...counts.values()], shares)).toBeGreaterThan(UNLIKELY)
})

test('fixed and exponential are what they are called', () => {
  expect(SERVICE_SHAPES.fixed(7)).toEqual({ kind: 'fixed', meanMicros: 7 })
  const next = serviceDrawer(SERVICE_SHAPES.exponential(1_000), seededRandom(2))
  expect(
    kolmogorovSmirnov(
      Float64Array.from({ length: 4_000 }, next),
      (ns) => 1 - Math.exp(-ns / 1_000_000),
    ),
  ).toBeGreaterThan(UNLIKELY)
})

test('a part without weight never comes, wherever it stands', () => {
  const parts = [
    { weight: 0, micros: 1 },
    { weight: 1, micros: 2 },
    { weight: 0, micros: 3 },
    { weight: 1, micros: 4 },
  ]
  for (const unit of [0, 0.49, 0.5, 1 - 2 ** -53]) {
    const next = serviceDrawer({ kind: 'mixture', parts }, { int32: () => 0, unit: () => unit })
    expect(next()).toBe(unit < 0.5 ? 2_000 : 4_000)
  }
})
