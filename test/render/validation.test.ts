import { expect, test } from 'vitest'
import { validationView } from '../../harness/render/validate.ts'
import type { TerminalOptions } from '../../harness/render/terminal/text.ts'
import { terminalView } from '../../harness/render/view/terminal.ts'
import type { Validation } from '../../harness/results/validate.ts'
import { sampleValidation, troubledValidation } from './sample-validation.ts'

const renderValidation = (result: Validation, options: TerminalOptions): string =>
  terminalView(validationView(result), options)

const plainText = { color: false, columns: 80 }

test('a part with one failed summary has failed', () => {
  expect(renderValidation(troubledValidation(), plainText)).toMatch(
    /^1 of 2 checks passed: theory failed\.\n/,
  )
})

test('a note is news, not a warning', () => {
  const text = renderValidation(sampleValidation(), plainText)
  expect(text).toContain('\n\nThe band of these runs is in reports/machine.json')
  expect(text).not.toContain('warning')
})

test('a single check is not called all', () => {
  const validation = sampleValidation()
  validation.summaries = validation.summaries.filter(({ part }) => part === 'omission')
  expect(renderValidation(validation, plainText)).toMatch(
    /^The only check passed: coordinated omission\.\n/,
  )
})

test('a validation that was stopped at once says so', () => {
  const validation = {
    ...sampleValidation(),
    rows: [],
    summaries: [],
    identicalRuns: [],
    notes: [],
  }
  expect(renderValidation({ ...validation, complete: false }, plainText)).toBe(
    'Nothing was checked.\nThis validation is incomplete: it did not come to its end.',
  )
})
