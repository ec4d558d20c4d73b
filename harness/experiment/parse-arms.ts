import { SHARDED_OPTIONS } from '../architectures/sharded/options.ts'
import { STAGED_OPTIONS } from '../architectures/staged/options.ts'
import { usageError } from '../base/errors.ts'
import { isPowerOfTwo } from '../base/units.ts'
import { ARCHITECTURE_NAMES } from '../contract/architecture.ts'
import type { Arm, ArchitectureName } from '../contract/architecture.ts'
import type { ParameterSpecs } from '../contract/scenario.ts'
import { namesCure } from './nearest-name.ts'
import { parseAssignments, parseParameters } from './parse-parameters.ts'
import type { Assignments, Values } from './parse-parameters.ts'

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

const EXAMPLE =
  '--arms staged,sharded or --arms staged:layout=fused:batch=64,sharded:routing=shard-aware'

/**
 * Reads `architecture[:name=value…],architecture[:name=value…]`: the two arms in the order of the comparison, every
 * option filled in. Two arms written alike are numbered, so that an A/A run can tell them apart.
 */
export function parseArms(text: string, shorthands: ArmShorthands = {}): [Arm, Arm] {
  const [first, second, ...more] = text
    .split(',')
    .map((armText) => parseArm(armText.trim(), shorthands))
  if (first === undefined || second === undefined || more.length > 0) {
    throw usageError(
      'arms',
      `--arms needs two arms: ${text}`,
      `give two, separated by a comma: ${EXAMPLE}`,
    )
  }
  const pointless = Object.entries(shorthands.staged ?? {})[0]
  if (
    pointless !== undefined &&
    first.architecture !== 'staged' &&
    second.architecture !== 'staged'
  ) {
    throw usageError(
      'arms',
      `${pointless.join('=')} is for a staged arm, and there is none: --arms ${text}`,
      'leave it out, or make one arm staged',
    )
  }
  if (first.label !== second.label) return [first, second]
  return [
    { ...first, label: `${first.label}#1` },
    { ...second, label: `${second.label}#2` },
  ]
}

/** The arm measured beside the default ones, the fused layout, with the settings that flags give to every arm. */
export function referenceArm(both: Assignments = {}): Arm {
  return parseArm('staged:layout=fused', { both })
}

/** Reads `architecture[:name=value…]`, every option filled in. @param where it was written, e.g. `--arms`. */
export function parseArm(text: string, shorthands: ArmShorthands = {}, flag = '--arms'): Arm {
  const [name = '', ...optionTexts] = text.split(':').map((part) => part.trim())
  const architecture = ARCHITECTURE_NAMES.find((known) => known === name)
  if (architecture === undefined) {
    throw usageError(
      'architecture',
      `${flag}: no architecture has this name: ${name || '(empty)'}`,
      namesCure(name, ARCHITECTURE_NAMES, 'architectures'),
    )
  }
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
