import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { renderValidation } from '../../harness/render/validate.ts'
import { sampleValidation, troubledValidation } from './sample-validation.ts'

const plainText = { color: false, columns: 80 }

test('a validation that passed', async () => {
  await expect(renderValidation(sampleValidation(), plainText)).toMatchFileSnapshot(
    './snapshots/validation.txt',
  )
})

test('a validation that was stopped and failed', async () => {
  await expect(renderValidation(troubledValidation(), plainText)).toMatchFileSnapshot(
    './snapshots/validation-troubled.txt',
  )
})

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

test('colours change nothing but colours', () => {
  const colored = renderValidation(troubledValidation(), { color: true, columns: 80 })
  expect(colored).toContain('\u001b[')
  expect(stripVTControlCharacters(colored)).toBe(renderValidation(troubledValidation(), plainText))
})

test.each([72, 80, 100])('fits %d columns, long subjects too', (columns) => {
  const validation = troubledValidation()
  validation.rows[0]!.subject = 'staged:layout=fused,threads=8,batch=64,locks=reader-writer'
  validation.rows[1]!.subject = 'sharded with a very long name, 16 servers, 80 % of its capacity'
  const text = renderValidation(validation, { color: false, columns })
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
  expect(text).not.toContain('…')
})

test('nothing in a validation can send control sequences to the terminal', () => {
  const validation = troubledValidation()
  validation.rows[0]!.subject = '\u001b[2Jgone\r\u0007\u202e'
  validation.summaries[0]!.sentence = '\u009b31mred'
  const text = renderValidation(validation, plainText).replaceAll('\n', '')
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})
