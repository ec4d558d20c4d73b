import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseInstant } from '../../harness/scenario/log-instants.ts'

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
  ['1972-06-30T23:59:60Z', 78_796_800],
  ['10/Oct/2000:13:55:36 -0700', 971_211_336],
  ['29/Feb/2000:00:00:00 +0000', 951_782_400],
])('%s is a date', (text, seconds) => {
  expect(parseInstant(text)).toEqual({ form: 'date', seconds })
})

test.each([
  ['', /none: \(empty\)/, /seconds/],
  ['now', /none: now/, /seconds/],
  ['1,5', /none/, /seconds/],
  ['Infinity', /none/, /seconds/],
  ['0x10', /none/, /seconds/],
  ['1700000000000', /none/, /milliseconds/],
  ['-1700000000000', /none/, /milliseconds/],
  ['2023-11-14', /none/, /date/],
  ['2023-11-14T22:13:20', /without its zone/, /zone/],
  ['2023-13-14T22:13:20Z', /does not exist/, /leave out/],
  ['2023-02-29T22:13:20Z', /does not exist/, /leave out/],
  ['2023-04-31 00:00:00+01:00', /does not exist/, /leave out/],
  ['2023-04-30T24:00:00Z', /does not exist/, /leave out/],
  ['2023-04-30T10:60:00Z', /does not exist/, /leave out/],
  ['2023-04-30T10:00:60Z', /does not exist/, /leave out/],
  ['2023-04-30T10:00:00+24:00', /does not exist/, /leave out/],
  ['30/Feb/2023:10:00:00 +0000', /does not exist/, /leave out/],
  ['10/Okt/2023:10:00:00 +0000', /does not exist/, /leave out/],
])('"%s" is no instant, and why', (text, fault, cure) => {
  expect(parseInstant(text)).toEqual({
    fault: expect.stringMatching(fault),
    cure: expect.stringMatching(cure),
  })
})

test('a date is the one that the system makes of it, whatever day, zone and fraction', () => {
  const parts = fc.record({
    ms: fc.integer({ min: 0, max: 4_102_444_799_999 }),
    offset: fc.integer({ min: -839, max: 839 }),
    micros: fc.nat({ max: 999 }),
  })
  fc.assert(
    fc.property(parts, ({ ms, offset, micros }) => {
      const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1)
      const two = (number: number) => String(number).padStart(2, '0')
      const size = Math.abs(offset)
      const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
      const read = parseInstant(`${local}${String(micros).padStart(3, '0')}${zone}`)
      expect(read).toMatchObject({ form: 'date' })
      expect('seconds' in read && read.seconds).toBeCloseTo(ms / 1000 + micros / 1e6, 6)
    }),
    { seed: 1, numRuns: 300 },
  )
})
