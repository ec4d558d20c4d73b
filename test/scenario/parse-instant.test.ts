import { expect, test } from 'vitest'
import { parseInstant } from '../../harness/scenario/read-request-log.ts'

test.each([
  ['0', 0],
  ['12.5', 12.5],
  ['-3', -3],
  ['1.7e9', 1_700_000_000],
  ['1700000000.000125', 1_700_000_000.000_125],
])('%s is in seconds', (text, seconds) => {
  expect(parseInstant(text)).toEqual({ form: 'seconds', seconds })
})

test.each([
  ['1970-01-01T00:00:00Z', 0],
  ['1970-01-01 00:00:01Z', 1],
  ['1970-01-01T01:00:00+01:00', 0],
  ['1970-01-01T01:00:00+0100', 0],
  ['2023-11-14T22:13:20.000125Z', 1_700_000_000.000_125],
])('%s is a date', (text, seconds) => {
  expect(parseInstant(text)).toEqual({ form: 'date', seconds })
})

test.each([
  '',
  'now',
  '1,5',
  'Infinity',
  '0x10',
  '1700000000000',
  '2023-11-14',
  '2023-11-14T22:13:20',
  '2023-13-14T22:13:20Z',
])('"%s" is no instant', (text) => {
  expect(parseInstant(text)).toBeUndefined()
})
