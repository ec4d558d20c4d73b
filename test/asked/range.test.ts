import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ParameterSpecs } from '../../harness/contract/scenario.ts'
import { fitValue, parseRange } from '../../harness/asked/range.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const SPECS = {
  theta: {
    kind: 'number',
    default: 0.99,
    minimum: 0,
    maximum: 10,
    unit: 'exponent',
    description: '',
  },
  keysPerRequest: {
    kind: 'number',
    default: 1,
    minimum: 1,
    maximum: 16,
    unit: 'keys',
    integer: true,
    description: '',
  },
  shape: { kind: 'choice', default: 'fixed', choices: ['fixed', 'exponential'], description: '' },
} as const satisfies ParameterSpecs

const parse = (text: string, steps = 7, mostCores = 2) => parseRange(text, steps, SPECS, mostCores)
const failure = (text: string, steps = 7) => caughtFailure(() => parse(text, steps))

test('values lie evenly between both ends', () => {
  expect(parse('theta=0..1.2')).toEqual({
    subject: 'parameter',
    name: 'theta',
    unit: 'exponent',
    integer: false,
    from: 0,
    to: 1.2,
    values: [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2],
  })
  expect(parse('load=10%..95%').values).toEqual([10, 24.17, 38.33, 52.5, 66.67, 80.83, 95])
})

test('integers are rounded, and those that fall together are one', () => {
  expect(parse('keysPerRequest=1..16', 4).values).toEqual([1, 6, 11, 16])
  expect(parse('keysPerRequest=1..3').values).toEqual([1, 2, 3])
  expect(parse('cores=1..2')).toMatchObject({ subject: 'cores', values: [1, 2] })
})

test('loads are shares of capacity or requests per second', () => {
  expect(parse('load=1k/s..2k/s', 3)).toMatchObject({
    subject: 'load',
    unit: '/s',
    values: [1_000, 1_500, 2_000],
  })
})

test('a name alone is its whole range', () => {
  expect(parse('theta', 2).values).toEqual([0, 10])
  expect(parse('load', 2).values).toEqual([10, 95])
  expect(parse('cores', 2).values).toEqual([1, 2])
})

test('a scenario’s own parameter goes before load', () => {
  const specs = { load: { ...SPECS.theta, maximum: 3 } }
  expect(parseRange('load=1..2', 2, specs, 2)).toMatchObject({ subject: 'parameter', to: 2 })
})

test.each([
  ['thet=0..1', /no parameter of this name: thet.*did you mean theta\?/],
  ['shape=0..1', /shape is a choice.*vary theta, keysPerRequest, load, cores/],
  ['theta=0..11', /11 is out of range.*theta takes a number from 0 to 10/],
  ['theta=-1..1', /-1 is out of range/],
  ['theta=1..0', /1 is not below 0/],
  ['theta=1..1', /1 is not below 1/],
  ['theta=0..x', /not of the form/],
  ['theta=..1', /not of the form/],
  ['theta=0', /not of the form/],
  ['theta=0..', /not of the form/],
  ['', /\(empty\)/],
  ['keysPerRequest=1..2.5', /2\.5 is not an integer/],
  ['load=10%..2000/s', /not a range of loads.*both ends alike/],
  ['load=10%..max', /not a range of loads/],
  ['load=95%..10%', /95% is not below 10%/],
  ['cores=1..3', /3 is out of range.*cores takes 1 to 2 here/],
])('%s is refused with a cure', (text, says) => {
  const { kind, message, cure } = failure(text)
  expect(kind).toBe('usage')
  expect(`${message} | ${cure}`).toMatch(says)
})

test('one step is refused', () => {
  expect(failure('theta', 1)).toMatchObject({ kind: 'usage', code: 'steps' })
})

test('a fitted value is in range, near, and stays what it is', () => {
  const width = fc.double({ min: 1e-3, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      width,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (from, wide, share) => {
        const to = from + wide
        const range = { ...parse('theta'), from, to }
        const value = from + share * wide
        const fitted = fitValue(range, value)
        expect(fitted).toBeGreaterThanOrEqual(from)
        expect(fitted).toBeLessThanOrEqual(to)
        expect(Math.abs(fitted - value)).toBeLessThanOrEqual(Math.max(wide * 1e-3, 1e-9))
        expect(fitValue(range, fitted) === fitted).toBe(true)
      },
    ),
  )
})
