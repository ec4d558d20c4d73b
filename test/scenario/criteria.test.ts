import { expect, test } from 'vitest'
import type { CellCriterion, Criterion } from '../../harness/contract/claim.ts'
import type { Scenario } from '../../harness/contract/scenario.ts'
import { checkScenario } from '../../harness/scenario/check.ts'
import { checkCriteria, plannedCells } from '../../harness/scenario/criteria.ts'
import crossShard from '../../scenarios/cross-shard.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const scenario = crossShard as unknown as Scenario
const right = scenario.criteria![0] as CellCriterion
const [first] = right.figures as [CellCriterion['figures'][number]]

function faultOf(criteria: readonly object[]): { message: string; cure?: string | undefined } {
  return caughtFailure(() => {
    const checked = checkScenario({ ...scenario, criteria }, 'here')
    checkCriteria(checked, 'here')
  })
}

/** The right criterion with one cell changed. */
const withCell = (changes: object): object => ({
  ...right,
  cells: { ...right.cells, 'remote 20%': { ...right.cells['remote 20%'], ...changes } },
})
const withFigure = (changes: object): object => ({ ...right, figures: [{ ...first, ...changes }] })

test('a right criterion is taken, and its cells have every option and parameter', () => {
  expect(() => checkCriteria(checkScenario(scenario, 'here'), 'here')).not.toThrow()
  const [local] = plannedCells(right, scenario, 'here')
  expect(local).toMatchObject({
    name: 'local 20%',
    params: { remotePercent: 0, keys: 10_000 },
    load: { kind: 'percent', percent: 20 },
    loadOf: 'smallest',
    cores: 'all',
    virtualCores: null,
  })
  expect(local!.arm.options['batch']).toBeDefined()
})

test('claims that cells do not decide are taken as well', () => {
  const others: Criterion[] = [
    { id: 'C26', claim: 'Use more machines.', untestable: 'there is one machine' },
    {
      id: 'C15',
      claim: 'Switching is cheap.',
      by: 'calibrate',
      figures: [{ name: 'thread ÷ task', unit: '×', confirmed: { above: 10 } }],
    },
  ]
  expect(() =>
    checkCriteria(checkScenario({ ...scenario, criteria: others }, 'here'), 'here'),
  ).not.toThrow()
})

const ROUND_FIGURE = { cell: 'remote 20%', metric: 'p99' }

test.each([
  [[{ ...right, clam: 'x' }], 'unknown field clam in criteria.0', 'did you mean claim?'],
  [[{ ...right, id: 'no id' }], 'criteria.0.id must be letters and digits'],
  [[withFigure({ of: { cel: 'a' } })], 'criteria.0.figures.0.of must be an object with cell'],
  [
    [withFigure({ of: { ...ROUND_FIGURE, metric: 'p98' } })],
    'criteria.0.figures.0.of.metric must be one of p50, p90',
  ],
  [[withFigure({ confirmed: { over: 2 } })], 'criteria.0.figures.0.confirmed must be an object'],
  [[withFigure({ confirmed: { within: [2, 1] } })], 'confirmed.within must be an array of two'],
  [[right, right], 'criterion C05: comes twice', 'ids of one scenario differ'],
  [
    [withFigure({ of: { ...ROUND_FIGURE, cell: 'remot 20%' }, unit: 'µs' })],
    'criterion C05: figure p99 of sharded at 20%, all keys remote ÷ all local: no cell has this name: remot 20%',
    'did you mean remote 20%?',
  ],
  [[withFigure({ of: ROUND_FIGURE })], `unit '×' is none of a time`, `units: 'ns', 'µs', 'ms'`],
  [
    [
      withFigure({
        of: { difference: [ROUND_FIGURE, { ...ROUND_FIGURE, metric: 'throughput' }] },
      }),
    ],
    'mixes times, rates and numbers',
  ],
  [
    [withFigure({ confirmed: { above: 1 }, refuted: { below: 1.1 } })],
    'limits contradict each other: above 1 confirms and below 1.1 refutes',
  ],
  [
    [
      {
        ...right,
        figures: [
          { ...first, confirmed: { above: 1.1 }, refuted: undefined },
          { ...first, name: 'again', confirmed: undefined, refuted: { above: 1.05 } },
        ],
      },
    ],
    'and again are the same, and contradict each other',
  ],
  [
    [{ ...right, screen: { rounds: 2, keep: 1 } }],
    'screen: the first figure is of 1, and keep: 1 keeps them all',
  ],
  [[{ ...right, screen: { rounds: 3, keep: 1 } }], 'screen: 3 rounds are odd', 'rounds: 4'],
  [[{ ...right, screen: { rounds: 2 } }], 'criteria.0.screen.keep is missing'],
  [[{ ...right, rounds: 4 }], 'rounds: 4 are too few for intervals of 95 %', 'rounds: 6, or more'],
  [[{ ...right, rounds: 9 }], 'rounds: 9 are odd', 'rounds: 10'],
  [[{ ...right, rounds: 0 }], 'criteria.0.rounds'],
  [
    [withFigure({ confirmed: undefined, refuted: undefined })],
    'the first figure decides, and has no limit',
  ],
  [[withFigure({ of: { ...ROUND_FIGURE, metric: 'parks', class: 'a' }, unit: '' })], 'by class'],
  [
    [withCell({ params: { remotePercent: 101 } })],
    'criterion C05: cell remote 20%: scenario cross-shard: remotePercent=101 is out of range',
    'remotePercent takes a number from 0 to 100',
  ],
  [[withCell({ params: { remote: 1 } })], 'remote=1 sets what does not exist'],
  [[withCell({ arm: 'shraded' })], 'no architecture has this name', 'did you mean sharded?'],
  [[withCell({ load: 'much' })], 'cell remote 20%: load much: not a load'],
  [[withCell({ load: 'max' })], 'p99 of cell remote 20% at load max'],
  [[withCell({ loadOf: 'locl 20%' })], 'loadOf: no cell has this name', 'did you mean local 20%?'],
  [[withCell({ load: '100/s', loadOf: 'own' })], 'loadOf own: load 100/s is no share'],
  [
    [withFigure({ of: { cell: 'remote 20%', metric: 'goodput' }, unit: '/s' })],
    'goodput without a time within which an answer is useful',
    'usefulWithin: { micros: 20_000 }',
  ],
  [
    [{ ...right, usefulWithin: { times: 10, largest: [{ cell: 'local', metric: 'p99' }] } }],
    'usefulWithin: no cell has this name: local',
  ],
  [
    [{ ...right, usefulWithin: { times: 10, largest: [{ cell: 'local 20%', metric: 'cpu' }] } }],
    'usefulWithin: cpu is no latency',
  ],
  [[{ ...right, usefulWithin: { millis: 1 } }], 'criteria.0.usefulWithin must be an object'],
  [
    [
      {
        ...right,
        figures: [
          ...right.figures,
          { name: 'of light ones', unit: 'ms', of: { ...ROUND_FIGURE, class: 'light' } },
        ],
      },
    ],
    'its requests have no class of this name: light',
    'there are no classes',
  ],
  [[withFigure({})], 'cell local 80%: no figure reads it'],
  [
    [withFigure({ of: { growth: { over: 'key', cells: ['local 20%'], metric: 'p50' } } })],
    'must name at least two cells',
  ],
  [
    [
      withFigure({
        of: { growth: { over: 'keys', cells: ['local 20%', 'remote 20%'], metric: 'p50' } },
      }),
    ],
    'growth over keys: two cells have the same value',
  ],
])('what could not be measured or decided is refused: %#', (criteria, fault, cure = '') => {
  const failure = faultOf(criteria)
  expect(failure).toMatchObject({ kind: 'usage' })
  expect(failure.message).toContain(fault)
  expect(failure.cure).toContain(cure)
})
