import { expect, test } from 'vitest'
import { escapeControls, namesCure, nearestName, shownText } from '../../harness/base/text.ts'

const NAMES = ['kv-update', 'lock-contention', 'blocking-call']

test.each([
  ['kv-updat', 'kv-update'],
  ['KV-UPDATE', 'kv-update'],
  ['kv_update', 'kv-update'],
  ['lock-contentoin', 'lock-contention'],
  ['nothing-like-it', undefined],
  ['', undefined],
])('%j suggests %j', (typed, suggestion) => {
  expect(nearestName(typed, NAMES)).toBe(suggestion)
})

test('the nearest of several near names is suggested', () => {
  expect(nearestName('batch', ['batches', 'bath', 'batch2'])).toBe('bath')
})

test('a cure lists all names, with and without a suggestion', () => {
  expect(namesCure('kv', ['a', 'b'], 'names')).toBe('names: a, b')
  expect(namesCure('kv-updaet', NAMES, 'scenarios')).toMatch(
    /^did you mean kv-update\? scenarios: /,
  )
  expect(namesCure('x', [], 'parameters')).toBe('there are no parameters')
})

test.each([
  ['a\u001B[31mb', String.raw`a\u{1b}[31mb`],
  ['\u009B2J\u0007', String.raw`\u{9b}2J\u{7}`],
  ['txt.\u202Eexe\u200B', String.raw`txt.\u{202e}exe\u{200b}`],
  ['line\r\nof\ttext', String.raw`line\u{d}\u{a}of\u{9}text`],
  ['user:17 é 漢 😀', 'user:17 é 漢 😀'],
])('what a terminal would obey is shown, not sent: %j', (text, shown) => {
  expect(escapeControls(text)).toBe(shown)
})

test('a long text is cut before it is shown', () => {
  expect(shownText('abc', 3)).toBe('abc')
  expect(shownText('\u0007bcd', 3)).toBe(String.raw`\u{7}bc…`)
})
