import { usageError } from '../base/errors.ts'
import { VALIDATION_PARTS } from '../results/validation.ts'
import type { ValidationPart } from '../results/validation.ts'
import { namesCure } from './nearest-name.ts'

/** Reads `theory,omission`: the parts to measure, in the order of the validation, each once; without any all but `engine`. */
export function parseValidationParts(text?: string): ValidationPart[] {
  if (text === undefined) return VALIDATION_PARTS.filter((part) => part !== 'engine')
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !VALIDATION_PARTS.some((part) => part === name))
  if (unknown !== undefined) {
    throw usageError(
      'validation-part',
      `--only: no part has this name: ${unknown || '(empty)'}`,
      namesCure(unknown, VALIDATION_PARTS, 'parts'),
    )
  }
  return VALIDATION_PARTS.filter((part) => names.includes(part))
}
