import { SHARDED_OPTIONS } from '../architectures/sharded/options.ts'
import { STAGED_OPTIONS } from '../architectures/staged/options.ts'
import { usageError } from '../base/errors.ts'
import { requireName } from '../base/text.ts'
import { isPowerOfTwo } from '../base/units.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName, type Arm } from '../contract/architecture.ts'
import type { ParameterSpecs } from '../contract/scenario.ts'
import type { ComparedArms } from '../results/schema.ts'
import { type Assignments, parseAssignments, parseParameters, type Values } from './parameters.ts'

/** Options that flags set for an arm that does not set them itself. */
export interface ArmShorthands {
  readonly both?: Assignments
  readonly staged?: Assignments
}

/** What can be set behind each architecture's name. */
export const ARM_OPTIONS: Readonly<Record<ArchitectureName, ParameterSpecs>> = {
  staged: STAGED_OPTIONS,
  sharded: SHARDED_OPTIONS,
}

/** Zero, where the range has it, lets the architecture choose. */
const POWERS_OF_TWO = ['stripes', 'queueCapacity', 'ringCapacity']

const FEWEST_ARMS = 2
const MOST_ARMS = 4

const EXAMPLE =
  '--arms staged,sharded or --arms staged,staged:layout=fused:batch=64,sharded:routing=shard-aware'

/** What is compared where nobody says otherwise: the best of either kind, and the staged server as it is usually built. */
export const DEFAULT_ARMS = 'staged,staged:layout=fused,sharded'
/** Without the staged arm that runs its stages on one thread: for a search, and where only answers matter. */
export const TWO_DEFAULT_ARMS = 'staged,sharded'

/** At least two. */
export type Arms = [Arm, Arm, ...Arm[]]

/**
 * Reads `architecture[:name=value…],architecture[:name=value…]`: two to four arms, every option filled in. Arms written
 * alike are numbered, so that an A/A run can tell them apart.
 */
export function parseArms(text: string, shorthands: ArmShorthands = {}): Arms {
  const texts = text.split(',')
  const [first, second, ...more] = texts.map((armText) => parseArm(armText.trim(), shorthands))
  if (first === undefined || second === undefined || texts.length > MOST_ARMS) {
    throw usageError(
      'arms',
      `--arms needs ${FEWEST_ARMS} to ${MOST_ARMS} arms, not ${texts.length}: ${text}`,
      `give ${FEWEST_ARMS} to ${MOST_ARMS}, separated by commas: ${EXAMPLE}`,
    )
  }
  const arms: Arms = [first, second, ...more]
  const pointless = Object.entries(shorthands.staged ?? {})[0]
  if (pointless !== undefined && arms.every(({ architecture }) => architecture !== 'staged')) {
    throw usageError(
      'arms',
      `${pointless.join('=')} is for a staged arm, and there is none: --arms ${text}`,
      'leave it out, or make one arm staged',
    )
  }
  return numbered(arms)
}

/** The same of exactly two. @param why they must be two: `--slo searches with two arms`. */
export function parseTwoArms(
  text: string,
  why = '--arms needs two arms',
  shorthands: ArmShorthands = {},
): [Arm, Arm] {
  const [first, second, ...more] = parseArms(text, shorthands)
  if (more.length === 0) return [first, second]
  throw usageError(
    'arms',
    `${why}, not ${2 + more.length}: ${text}`,
    `give two, separated by a comma: --arms ${TWO_DEFAULT_ARMS}`,
  )
}

/**
 * What is compared with what, by label; ratios are second ÷ first. Where several staged arms are followed by one sharded arm, as
 * in the default, that one with each of them, in their order. Of others each with the first.
 * @param against the arm that all others are compared with instead: its label as written, or its place from 1.
 */
export function chooseComparisons(
  arms: Readonly<Arms>,
  against?: string,
): [ComparedArms, ...ComparedArms[]] {
  const labels = arms.map(({ label }) => label)
  const lastIsJudged =
    arms.length > 2 &&
    arms.every(
      ({ architecture }, place) => (architecture === 'sharded') === (place === arms.length - 1),
    )
  if (against === undefined && lastIsJudged) {
    const second = labels.at(-1)!
    const [first, ...others] = labels.slice(0, -1)
    return [{ first: first!, second }, ...others.map((other) => ({ first: other, second }))]
  }
  const named = against === undefined ? labels[0]! : armNamed(against, labels)
  const [second, ...others] = labels.filter((label) => label !== named)
  return [
    { first: named, second: second! },
    ...others.map((other) => ({ first: named, second: other })),
  ]
}

/** Of arms that are compared, those that the report is about, in the same form: for what takes two alone. */
export function firstCompared(text: string): string {
  const arms = parseArms(text)
  const [{ first, second }] = chooseComparisons(arms)
  const texts = text.split(',')
  return [first, second]
    .map((label) => texts[arms.findIndex((arm) => arm.label === label)]!)
    .join(',')
}

function armNamed(against: string, labels: readonly string[]): string {
  const name = against.trim()
  const place = /^[1-9]$/.test(name) ? Number(name) - 1 : labels.indexOf(name)
  const label = labels[place]
  if (label !== undefined) return label
  throw usageError(
    'against',
    `--against: no arm has this label or place: ${name || '(empty)'}`,
    `name one of ${labels.map((known, index) => `${index + 1} ${known}`).join(', ')}`,
  )
}

function numbered([first, second, ...more]: Arms): Arms {
  const written = [first, second, ...more].map(({ label }) => label)
  const name = (arm: Arm, index: number): Arm => {
    const alike = written.filter((label) => label === arm.label)
    if (alike.length === 1) return arm
    const before = written.slice(0, index).filter((label) => label === arm.label)
    return { ...arm, label: `${arm.label}#${before.length + 1}` }
  }
  return [name(first, 0), name(second, 1), ...more.map((arm, index) => name(arm, index + 2))]
}

/** Reads `architecture[:name=value…]`, every option filled in. @param where it was written, e.g. `--arms`. */
export function parseArm(text: string, shorthands: ArmShorthands = {}, flag = '--arms'): Arm {
  const [name = '', ...optionTexts] = text.split(':').map((part) => part.trim())
  const architecture = requireName(name, ARCHITECTURE_NAMES, flag, 'architecture')
  const where = `arm ${architecture}`
  const own = parseAssignments(optionTexts, where)
  const byFlag = { ...shorthands.both, ...(architecture === 'staged' ? shorthands.staged : {}) }
  const options = parseParameters(ARM_OPTIONS[architecture], { ...byFlag, ...own }, where)
  requirePowersOfTwo(options, where)
  const written = Object.keys(own).map((option) => `${option}=${options[option]}`)
  return { label: [architecture, ...written].join(':'), architecture, options }
}

function requirePowersOfTwo(options: Values, where: string): void {
  for (const name of POWERS_OF_TWO) {
    const value = options[name]
    if (typeof value !== 'number' || value === 0 || isPowerOfTwo(value)) continue
    const below = 2 ** Math.floor(Math.log2(value))
    throw usageError(
      'power-of-two',
      `${where}: ${name}=${value} is not a power of two`,
      `the nearest are ${below} and ${below * 2}`,
    )
  }
}
