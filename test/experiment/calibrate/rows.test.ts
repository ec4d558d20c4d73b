import { expect, test } from 'vitest'
import { Figures, rowsOf } from '../../../harness/experiment/calibrate/figures.ts'
import { type CalibrationRow, PAIR_ROWS, SINGLE_ROWS } from '../../../harness/results/calibrate.ts'
import { around, figuresOf } from './figures-of.ts'

function row(rows: readonly CalibrationRow[], name: CalibrationRow['name']): CalibrationRow {
  const found = rows.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no row: ${name}`)
  return found
}

test('every row is there, measured or not, in the order of the schema', () => {
  expect(rowsOf(new Figures(), 2).map(({ name }) => name)).toEqual([...SINGLE_ROWS, ...PAIR_ROWS])
})

test('what could not be measured is null with its reason, never zero', () => {
  const figures = new Figures()
  figures.setAbsent('ring-spinning', 'needs two processors')
  const rows = rowsOf(figures, 2)
  expect(row(rows, 'ring-spinning')).toMatchObject({
    median: null,
    p99: null,
    note: 'needs two processors',
  })
  expect(row(rows, 'clock-reading')).toMatchObject({ median: null, note: 'not reached' })
})

test('a median has the interval and the number of its rounds', () => {
  const rows = rowsOf(figuresOf({ 'clock-reading': [50, 52, 51, 60, 49, 50.5, 51.5] }), 2)
  expect(row(rows, 'clock-reading')).toMatchObject({
    median: { value: 51, lower: 49, upper: 60, n: 7, unit: 'ns' },
    p99: null,
    note: '',
  })
})

test('one round has a value and no interval', () => {
  const rows = rowsOf(figuresOf({ 'clock-reading': [50] }), 2)
  expect(row(rows, 'clock-reading').median).toMatchObject({ value: 50, n: 1, level: null })
})

test('a hop is half of the round trip that was measured, in the median and in the tail', () => {
  const rows = rowsOf(figuresOf({ 'thread-hop': around(40_000) }), 2)
  const hop = row(rows, 'thread-hop')
  const trip = row(rows, 'wake-up-round-trip')
  expect(trip.median?.value).toBeCloseTo(40_000)
  expect(hop.median?.value).toBeCloseTo(20_000)
  expect(trip.p99?.value).toBeCloseTo(80_000)
  expect(hop.p99?.value).toBeCloseTo(40_000)
})

test('a thread that spins has no tail, and nothing is in principle without a source', () => {
  const rows = rowsOf(figuresOf({ 'queue-spinning': around(400) }), 2)
  expect(row(rows, 'queue-spinning').p99).toBeNull()
  expect(rows.filter(({ inPrinciple }) => inPrinciple?.source === '')).toEqual([])
})

test('on one processor a hop is not held against one between two', () => {
  const inPrinciple = (processors: number) =>
    rowsOf(new Figures(), processors)
      .filter((each) => each.inPrinciple !== null)
      .map(({ name }) => name)
  const lost = inPrinciple(2).filter((name) => !inPrinciple(1).includes(name))
  expect(lost).toEqual([
    'queue-parking',
    'thread-hop',
    'wake-up-round-trip',
    'message-port',
    'wait-async',
  ])
})
