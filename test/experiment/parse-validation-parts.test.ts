import { expect, test } from 'vitest'
import { parseValidationParts } from '../../harness/asked/quantities.ts'
import { caughtFailure } from './caught-failure.ts'

test.each([
  [undefined, ['theory', 'aa', 'planted', 'omission']],
  ['aa', ['aa']],
  ['omission, theory', ['theory', 'omission']],
  ['aa,aa', ['aa']],
])('%j are the parts %j', (text, parts) => {
  expect(parseValidationParts(text)).toEqual(parts)
})

test.each([
  ['', '(empty)'],
  ['theory,', '(empty)'],
  ['theory;aa', 'theory;aa'],
  ['theroy', 'theroy'],
])('%j is refused with the parts there are', (text, unknown) => {
  const failure = caughtFailure(() => parseValidationParts(text))
  expect(failure.kind).toBe('usage')
  expect(failure.message).toBe(`--only: no part has this name: ${unknown}`)
  expect(failure.cure).toContain('parts: theory, aa, planted, omission, engine')
})
