import type { ParameterSpecs } from '../contract/scenario.ts'
import { describeParameter } from '../experiment/parse-parameters.ts'

/** A line for each parameter or option: its name, what it is for and what it may be. */
export function describeSpecs(specs: ParameterSpecs, indent: string): string {
  return Object.entries(specs)
    .map(([name, spec]) => `${indent}${name}: ${spec.description}; ${describeParameter(spec)}`)
    .join('\n')
}
