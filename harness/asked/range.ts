import { usageError } from '../base/errors.ts'
import { namesCure } from '../base/text.ts'
import { valueText } from '../words/format.ts'
import type { ParameterSpecs } from '../contract/scenario.ts'
import { readLoad } from './loads.ts'
import { describeParameter } from './parameters.ts'

/** What is varied: a parameter of the scenario, the offered load, or the cores of the servers. */
type RangeSubject = 'parameter' | 'load' | 'cores'

/** The values of one parameter that are visited. */
export interface ParameterRange {
  readonly subject: RangeSubject
  /** `load`, `cores`, or the parameter's. */
  readonly name: string
  /** `%` (of the smaller capacity) or `/s` of a load, `cores`, or the parameter's own. */
  readonly unit: string
  readonly integer: boolean
  readonly from: number
  readonly to: number
  /** Ascending, both ends included, at least two. */
  readonly values: readonly number[]
}

/** A range before its values are chosen. */
type Bounds = Omit<ParameterRange, 'values'>

const RANGE = /^([^=\s]+)(?:=(.+?)\.\.(.+))?$/
/** A digit less would tell neighbours of a hundred steps apart no more. */
const SIGNIFICANT_DIGITS = 4
/** More than a double has; `toFixed` takes no more. */
const MOST_DECIMALS = 20
/** Loads and cores can be varied of every scenario. */
const EVERYWHERE = ['load', 'cores']
const WHOLE_LOAD = ['10%', '95%'] as const
const EXAMPLE = '--over theta=0..1.2, --over load=10%..95% or --over cores=1..2'

/**
 * Reads `theta=0..1.2`, `load=10%..95%`, `load=1000/s..200000/s` or `cores=1..2`, and spreads `steps` values evenly over
 * it; of integers those that fall together are one. A name alone is its whole range. A scenario's own parameter goes
 * before `load` and `cores`.
 * @param specs the scenario's parameters
 * @param mostCores cores that a server may have
 * @throws CrossoverError of kind `usage`
 */
export function parseRange(
  text: string,
  steps: number,
  specs: ParameterSpecs,
  mostCores: number,
): ParameterRange {
  if (!(Number.isInteger(steps) && steps >= 2)) {
    throw usageError('steps', `--steps ${steps}: a range has two ends`, '--steps takes 2 and more')
  }
  const [, name, from, to] = RANGE.exec(text.trim()) ?? []
  if (name === undefined) throw notARange(text)
  const ends = from === undefined ? undefined : ([from, to ?? ''] as const)
  const bounds = boundsOf(text, name, ends, specs, mostCores)
  if (!(bounds.from < bounds.to)) {
    throw usageError(
      'range',
      `--over ${text}: the range is empty: ${valueText(bounds, bounds.from)} is not below ${valueText(bounds, bounds.to)}`,
      'the smaller end comes first, e.g. --over theta=0..1.2',
    )
  }
  return { ...bounds, values: spreadValues(bounds, steps) }
}

/** The nearest value that can be measured: within the range, an integer where it must be one, of four digits. */
export function fitValue(
  { from, to, integer }: Pick<ParameterRange, 'from' | 'to' | 'integer'>,
  value: number,
): number {
  const decimals = SIGNIFICANT_DIGITS - Math.ceil(Math.log10(to - from))
  const fitted = integer
    ? Math.round(value)
    : Number(value.toFixed(Math.min(MOST_DECIMALS, Math.max(0, decimals))))
  // Rounding may leave the range, and an end may have more digits: both are cut off here.
  return Math.min(to, Math.max(from, value <= from || value >= to ? value : fitted))
}

function spreadValues(bounds: Bounds, steps: number): number[] {
  const width = bounds.to - bounds.from
  const values = Array.from({ length: steps }, (_, step) =>
    step === steps - 1 ? bounds.to : fitValue(bounds, bounds.from + (width * step) / (steps - 1)),
  )
  return [...new Set(values)]
}

type Ends = readonly [from: string, to: string]

function boundsOf(
  text: string,
  name: string,
  ends: Ends | undefined,
  specs: ParameterSpecs,
  mostCores: number,
): Bounds {
  if (Object.hasOwn(specs, name)) return parameterBounds(text, name, ends, specs)
  if (name === 'load') return loadBounds(text, ends)
  if (name === 'cores') {
    const takes = `cores takes 1 to ${mostCores} here`
    return numericBounds(text, ends, {
      subject: 'cores',
      name,
      unit: 'cores',
      integer: true,
      minimum: 1,
      maximum: mostCores,
      takes:
        mostCores === 1
          ? `${takes}: nothing to vary`
          : `${takes}, e.g. --over cores=1..${mostCores}`,
    })
  }
  throw usageError(
    'unknown-parameter',
    `--over ${text}: there is no parameter of this name: ${name}`,
    namesCure(name, [...numbersOf(specs), ...EVERYWHERE], 'what can be varied'),
  )
}

function parameterBounds(
  text: string,
  name: string,
  ends: Ends | undefined,
  specs: ParameterSpecs,
): Bounds {
  const spec = specs[name]!
  if (spec.kind === 'choice') {
    throw usageError(
      'choice',
      `--over ${text}: ${name} is a choice, not a number: ${spec.choices.join(', ')}`,
      `vary ${[...numbersOf(specs), ...EVERYWHERE].join(', ')}; choices are set one by one, --param ${name}=${spec.choices[0] ?? ''}`,
    )
  }
  const { unit, integer = false, minimum, maximum } = spec
  return numericBounds(text, ends, {
    subject: 'parameter',
    name,
    unit,
    integer,
    minimum,
    maximum,
    takes: `${name} takes ${describeParameter(spec)}`,
  })
}

function numericBounds(
  text: string,
  ends: Ends | undefined,
  {
    minimum,
    maximum,
    takes,
    ...rest
  }: Omit<Bounds, 'from' | 'to'> & {
    readonly minimum: number
    readonly maximum: number
    readonly takes: string
  },
): Bounds {
  if (ends === undefined) return { ...rest, from: minimum, to: maximum }
  const [from, to] = ends.map((end) => readNumber(text, end))
  for (const [index, value] of [from!, to!].entries()) {
    if (value < minimum || value > maximum)
      throw usageError('range', `--over ${text}: ${ends[index]!.trim()} is out of range`, takes)
    if (rest.integer && !Number.isInteger(value))
      throw usageError('range', `--over ${text}: ${ends[index]!.trim()} is not an integer`, takes)
  }
  return { ...rest, from: from!, to: to! }
}

function readNumber(text: string, end: string): number {
  const value = end.trim() === '' ? Number.NaN : Number(end)
  if (Number.isFinite(value)) return value
  throw notARange(text)
}

/** Both ends are shares of the smaller capacity, or both are requests per second. */
function loadBounds(text: string, ends: Ends = WHOLE_LOAD): Bounds {
  const [from, to] = ends.map((end) => readLoad(end.trim()))
  if (from !== undefined && to !== undefined && from.kind === to.kind) {
    const [low, high] = [from, to].map((load) =>
      load.kind === 'percent' ? load.percent : load.perSecond,
    )
    const unit = from.kind === 'percent' ? '%' : '/s'
    return { subject: 'load', name: 'load', unit, integer: false, from: low!, to: high! }
  }
  throw usageError(
    'range',
    `--over ${text}: not a range of loads`,
    'loads are shares of the smaller capacity (0.1% to 1000%) or requests per second (1/s to 100M/s), both ends alike: --over load=10%..95% or --over load=1k/s..200k/s',
  )
}

function numbersOf(specs: ParameterSpecs): string[] {
  return Object.entries(specs).flatMap(([name, spec]) => (spec.kind === 'number' ? [name] : []))
}

function notARange(text: string): Error {
  return usageError(
    'range',
    `--over: not of the form name=from..to: ${text || '(empty)'}`,
    `write ${EXAMPLE}`,
  )
}
