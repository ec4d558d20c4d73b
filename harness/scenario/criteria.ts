import { parseArm } from '../asked/arms.ts'
import { readLoad } from '../asked/loads.ts'
import { parseParameters, type Values } from '../asked/parameters.ts'
import type { LoadRequest } from '../asked/requests.ts'
import { CrossoverError, usageError } from '../base/errors.ts'
import { namesCure } from '../base/text.ts'
import type { Arm } from '../contract/architecture.ts'
import type {
  Cell,
  CellCriterion,
  CellMetric,
  CriterionFigure,
  FigureOf,
  FigureUnit,
  Growth,
  Limit,
  MeasuredCriterion,
} from '../contract/claim.ts'
import type { Scenario } from '../contract/scenario.ts'
import { overlap } from '../stats/limits.ts'
import { gridOf, readsOf } from '../stats/round-figure.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { CLAIM_METRICS, dimensionOf, FIGURE_UNIT_SIZES } from '../words/claim-metrics.ts'
import { checkPrepared } from './check.ts'
import { refuseRouting } from './rules.ts'

/** A cell as it is played. */
export interface PlannedCell {
  readonly name: string
  readonly arm: Arm
  /** All of the scenario's. */
  readonly params: Values
  readonly load: LoadRequest
  /** `own`, `smallest`, or a cell's name; of no account to loads that are no share. */
  readonly loadOf: string
  readonly cores: number | 'all'
  readonly virtualCores: number | null
}

/** A fault, and what would be right. */
type Fault = readonly [fault: string, cure: string]

const SHARE_OF = ['own', 'smallest']

/**
 * Refuses criteria that could not be measured or not be decided, before anything is: cells with arms, parameters or loads that
 * there are not, figures of cells that there are not, limits that contradict each other.
 * @throws CrossoverError of kind `usage` at the first fault: what, where, and what would be right.
 */
export function checkCriteria(scenario: Scenario, where: string): void {
  const { criteria = [] } = scenario
  for (const [index, criterion] of criteria.entries()) {
    const place = `${where}: criterion ${criterion.id}`
    if (criteria.findIndex(({ id }) => id === criterion.id) < index)
      throw broken(place, ['comes twice', 'ids of one scenario differ: C21-staged, C21-sharded'])
    if ('untestable' in criterion) continue
    const fault = 'by' in criterion ? measuredFault(criterion) : figuresFault(criterion, scenario)
    if (fault !== undefined) throw broken(place, fault)
    if ('cells' in criterion) checkCells(criterion, scenario, place)
  }
}

/** Its cells in their order, parameters and options filled in. @throws as `checkCriteria` */
export function plannedCells(
  criterion: CellCriterion,
  scenario: Scenario,
  where: string,
): readonly PlannedCell[] {
  return Object.entries(criterion.cells).map(([name, cell]) =>
    within(`${where}: cell ${name}`, () => {
      const { loadOf = 'smallest', cores = 'all', virtualCores = null } = cell
      return {
        name,
        arm: parseArm(cell.arm, {}, 'arm'),
        params: parseParameters(scenario.params, assigned(cell), `scenario ${scenario.name}`),
        load: loadOfCell(cell),
        loadOf,
        cores,
        virtualCores,
      }
    }),
  )
}

/** Everything that figures and conditions read of trials. */
export function readsOfCriterion(criterion: CellCriterion): readonly CellMetric[] {
  const { figures, onlyIf = [], usefulWithin = { micros: 1 } } = criterion
  return [
    ...[...figures, ...onlyIf].flatMap(({ of }) => gridOf(of).flatMap(readsOf)),
    ...('largest' in usefulWithin ? usefulWithin.largest : []),
  ]
}

/** Fewest rounds of which all intervals of a criterion reach this level: those of a grid share the error, what a screen leaves of it. */
export function fewestRounds(
  { figures, onlyIf = [], screen }: CellCriterion,
  level: number,
): number {
  const looks = [...figures, ...onlyIf].map(({ of }) =>
    Math.min(gridOf(of).length, screen?.keep ?? Infinity),
  )
  return fewestPairs(1 - (1 - level) / Math.max(...looks))
}

/** Its parameters as texts, as behind `--param`. */
function assigned({ params = {} }: Cell): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
}

function loadOfCell({ load, loadOf }: Cell): LoadRequest {
  const read = load === 'max' ? ({ kind: 'max', label: 'max' } as const) : readLoad(load)
  if (read === undefined)
    throw usageError('load', `load ${load}: not a load`, `write '20%', '1000/s' or 'max'`)
  if (loadOf !== undefined && read.kind !== 'percent')
    throw usageError('load', `loadOf ${loadOf}: load ${load} is no share`, 'leave loadOf out')
  return read
}

function checkCells(criterion: CellCriterion, scenario: Scenario, where: string): void {
  const cells = plannedCells(criterion, scenario, where)
  const names = cells.map(({ name }) => name)
  const reads = readsOfCriterion(criterion)
  const read = new Set(reads.map(({ cell }) => cell))
  for (const { name, arm, params, load, loadOf, cores, virtualCores } of cells) {
    const place = `${where}: cell ${name}`
    const isShare = load.kind === 'percent'
    if (isShare && !SHARE_OF.includes(loadOf) && !names.includes(loadOf))
      throw broken(place, [
        `loadOf: no cell has this name: ${loadOf}`,
        namesCure(loadOf, [...SHARE_OF, ...names], 'names'),
      ])
    if (cores !== 'all' && virtualCores !== null)
      throw broken(place, ['has cores and virtualCores', 'leave out one of them'])
    const isReferred = cells.some((other) => other.load.kind === 'percent' && other.loadOf === name)
    if (!read.has(name) && !isReferred)
      throw broken(place, ['no figure reads it', 'leave it out, or name it in a figure'])
    within(place, () => {
      checkPrepared(scenario, params, `scenario ${scenario.name}`)
      refuseRouting([arm], scenario.workload(params), `scenario ${scenario.name}`)
    })
    const classes = scenario.workload(params).classes?.names ?? []
    const unknown = reads.find(
      (of) => of.cell === name && of.class !== undefined && !classes.includes(of.class),
    )?.class
    if (unknown !== undefined)
      throw broken(place, [
        `its requests have no class of this name: ${unknown}`,
        namesCure(unknown, classes, 'classes'),
      ])
  }
}

function measuredFault({ by, figures: [figure] }: MeasuredCriterion): Fault | undefined {
  const unit = by === 'calibrate' ? '×' : '%'
  if (figure.unit !== unit)
    return [`figure ${figure.name}: unit is not what ${by} finds`, `write unit: '${unit}'`]
  return limitsFault(figure, true)
}

function figuresFault(criterion: CellCriterion, scenario: Scenario): Fault | undefined {
  for (const [index, figure] of criterion.figures.entries()) {
    const fault = limitsFault(figure, index === 0) ?? figureFault(figure, criterion, scenario)
    if (fault !== undefined) return [`figure ${figure.name}: ${fault[0]}`, fault[1]]
    const other = criterion.figures.find((one) => contradicts(figure, one))
    if (other !== undefined)
      return [
        `figures ${figure.name} and ${other.name} are the same, and contradict each other: what confirms one refutes the other`,
        'no interval may satisfy both: confirmed: { above: 1.1 }, refuted: { below: 1.1 }',
      ]
  }
  const fault = usefulFault(criterion) ?? screenFault(criterion) ?? roundsFault(criterion)
  if (fault !== undefined) return fault
  for (const condition of criterion.onlyIf ?? []) {
    const fault = figureFault(condition, criterion, scenario)
    if (fault !== undefined) return [`condition ${condition.name}: ${fault[0]}`, fault[1]]
  }
  return undefined
}

/** Whether two figures are made of the same and an interval that confirms the one may refute the other. */
function contradicts(one: CriterionFigure, other: CriterionFigure): boolean {
  const { confirmed, unit, of } = one
  const { refuted } = other
  if (one === other || confirmed === undefined || refuted === undefined) return false
  const isSame = unit === other.unit && JSON.stringify(of) === JSON.stringify(other.of)
  return isSame && overlap(confirmed, refuted)
}

/** Goodput needs a time within which answers are useful, and that is one of latencies. */
function usefulFault(criterion: CellCriterion): Fault | undefined {
  const { cells, usefulWithin } = criterion
  const asksForIt = readsOfCriterion(criterion).some(({ metric }) => metric === 'goodput')
  if (asksForIt && usefulWithin === undefined)
    return [
      'goodput without a time within which an answer is useful',
      'write usefulWithin: { micros: 20_000 }, or { times: 10, largest: [{ cell, metric }] }',
    ]
  for (const { cell, metric } of usefulWithin && 'largest' in usefulWithin
    ? usefulWithin.largest
    : []) {
    if (cells[cell] === undefined)
      return [
        `usefulWithin: no cell has this name: ${cell}`,
        namesCure(cell, Object.keys(cells), 'cells'),
      ]
    const { isLatency, dimension } = CLAIM_METRICS[metric]
    if (!isLatency || dimension !== 'time')
      return [`usefulWithin: ${metric} is no latency`, 'name a percentile, such as p99']
  }
  return undefined
}

/** Confidence of intervals where no flag says otherwise. */
const USUAL_LEVEL = 0.95

function roundsFault(criterion: CellCriterion): Fault | undefined {
  const { rounds } = criterion
  if (rounds === undefined) return undefined
  const fewest = fewestRounds(criterion, USUAL_LEVEL)
  if (rounds < fewest)
    return [
      `rounds: ${rounds} are too few for intervals of 95 %`,
      `write rounds: ${fewest + (fewest % 2)}, or more`,
    ]
  return rounds % 2 === 0
    ? undefined
    : [
        `rounds: ${rounds} are odd: orders come more often than their reverse`,
        `write rounds: ${rounds + 1}`,
      ]
}

/** What is screened is a grid with something in it to leave out. */
function screenFault({ screen, figures: [first] }: CellCriterion): Fault | undefined {
  if (screen === undefined) return undefined
  const { rounds, keep } = screen
  if (rounds % 2 === 1)
    return [
      `screen: ${rounds} rounds are odd: orders come more often than their reverse`,
      `write rounds: ${rounds + 1}`,
    ]
  const { length } = gridOf(first!.of)
  return 2 * keep < length
    ? undefined
    : [
        `screen: the first figure is of ${length}, and keep: ${keep} keeps them all`,
        'let the first figure be the largest or the smallest of more, or leave screen out',
      ]
}

function limitsFault(
  { confirmed, refuted }: Pick<CriterionFigure, 'confirmed' | 'refuted'>,
  isFirst: boolean,
): Fault | undefined {
  if (isFirst && confirmed === undefined && refuted === undefined)
    return ['the first figure decides, and has no limit', 'give it confirmed, refuted, or both']
  if (confirmed === undefined || refuted === undefined || !overlap(confirmed, refuted))
    return undefined
  return [
    `limits contradict each other: ${limitText(confirmed)} confirms and ${limitText(refuted)} refutes`,
    'no interval may satisfy both: confirmed: { above: 1.1 }, refuted: { below: 1.1 }',
  ]
}

function limitText(limit: Limit): string {
  return Object.entries(limit)
    .map(([side, at]) => `${side} ${String(at)}`)
    .join()
}

function figureFault(
  { unit, of }: { readonly unit: FigureUnit; readonly of: FigureOf },
  { cells }: CellCriterion,
  scenario: Scenario,
): Fault | undefined {
  const names = Object.keys(cells)
  for (const figure of gridOf(of)) {
    for (const { cell, metric, class: ofClass } of readsOf(figure)) {
      if (cells[cell] === undefined)
        return [`no cell has this name: ${cell}`, namesCure(cell, names, 'cells')]
      const { isLatency, dimension } = CLAIM_METRICS[metric]
      if (isLatency && cells[cell].load === 'max')
        return [
          `${metric} of cell ${cell} at load max, where latency follows from the window`,
          'ask for throughput there, or give the cell another load',
        ]
      if (ofClass !== undefined && !(isLatency && dimension === 'time'))
        return [`${metric} is not known by class`, 'leave class out, or ask for a latency']
    }
    const growth = growthsOf(figure)
      .map((one) => growthFault(one, cells, scenario))
      .find((fault) => fault !== undefined)
    if (growth !== undefined) return growth
    const dimension = dimensionOf(figure)
    if (dimension === null) return ['mixes times, rates and numbers', 'compare like with like']
    const fitting = Object.entries(FIGURE_UNIT_SIZES).filter(
      ([, known]) => known.dimension === dimension,
    )
    if (FIGURE_UNIT_SIZES[unit].dimension !== dimension)
      return [
        `unit '${unit}' is none of a ${dimension}`,
        `units: ${fitting.map(([name]) => `'${name}'`).join(', ')}`,
      ]
  }
  return undefined
}

function growthsOf(figure: FigureOf): readonly Growth[] {
  if ('growth' in figure) return [figure.growth]
  if ('ratio' in figure) return figure.ratio.flatMap(growthsOf)
  if ('difference' in figure) return figure.difference.flatMap(growthsOf)
  return 'share' in figure ? Object.values(figure.share).flatMap(growthsOf) : []
}

function growthFault(
  { over, cells: names }: Growth,
  cells: CellCriterion['cells'],
  { params }: Scenario,
): Fault | undefined {
  if (params[over]?.kind !== 'number') {
    const numbers = Object.keys(params).filter((name) => params[name]!.kind === 'number')
    return [`growth over what is no number: ${over}`, namesCure(over, numbers, 'parameters')]
  }
  const { default: byDefault } = params[over]
  const places = names.map((name) => Number(cells[name]!.params?.[over] ?? byDefault))
  return new Set(places).size === places.length
    ? undefined
    : [`growth over ${over}: two cells have the same value`, `give each a ${over} of its own`]
}

/** Names the place in front of what is refused there. */
function within<Made>(place: string, make: () => Made): Made {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof CrossoverError)) throw cause
    throw usageError('criterion', `${place}: ${cause.message}`, cause.cure ?? '', cause)
  }
}

function broken(place: string, [fault, cure]: Fault): CrossoverError {
  return usageError('criterion', `${place}: ${fault}`, cure)
}
