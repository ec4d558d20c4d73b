import { expect, test } from 'vitest'
import { namesCure, nearestName } from '../../harness/base/text.ts'

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
