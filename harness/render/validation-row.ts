import type { ValidationRow } from '../results/validation.ts'
import {
  COUNT,
  formatDifference,
  formatQuantity,
  formatTime,
  NOT_AVAILABLE,
  RATIO,
} from './format.ts'

/** One figure of a validation in a line, for progress: `staged, 8 servers, 50 %: p99 24.1 ms, expected 23.8 ms, +1.2 %, passed`. */
export function validationRowText(row: ValidationRow): string {
  const { subject, figure, measured, expected, difference, passed } = validationCells(row)
  const parts = [
    `${figure} ${measured}`,
    `expected ${expected}`,
    ...(row.difference === null ? [] : [difference]),
    passed ? 'passed' : 'failed',
  ]
  return `${subject}: ${parts.join(', ')}`
}

/** A figure of a validation, every number formatted. */
export interface ValidationCells {
  readonly subject: string
  readonly figure: string
  readonly measured: string
  readonly expected: string
  /** `+1.2 %`, or a dash where it is no ratio. */
  readonly difference: string
  readonly passed: boolean
}

/** A row of a validation's table. */
export function validationCells(row: ValidationRow): ValidationCells {
  const { subject, figure, difference, passed } = row
  return {
    subject,
    figure: figure.replace('p99_9', 'p99.9'),
    measured: figureText(row, row.measured),
    expected: figureText(row, row.expected),
    difference: difference === null ? NOT_AVAILABLE : formatDifference(difference),
    passed,
  }
}

function figureText({ unit }: ValidationRow, value: number): string {
  switch (unit) {
    case 'ns':
      return formatTime(value)
    case 'verdicts':
      return formatQuantity(value, COUNT)
    case '×':
      return formatQuantity(value, RATIO)
  }
}
