import { expect, test } from 'vitest'
import type { ParameterSpecs } from '../../harness/contract/scenario.ts'
import {
  describeParameter,
  parseAssignments,
  parseParameters,
} from '../../harness/asked/parameters.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const SPECS = {
  keys: {
    kind: 'number',
    default: 1_000,
    minimum: 1,
    maximum: 4_000_000,
    unit: 'keys',
    integer: true,
    description: '',
  },
  percent: { kind: 'number', default: 50, minimum: 0, maximum: 100, unit: '%', description: '' },
  shape: { kind: 'choice', default: 'round', choices: ['round', 'square'], description: '' },
} satisfies ParameterSpecs

const DEFAULTS = { keys: 1_000, percent: 50, shape: 'round' }

test.each([
  [{}, {}],
  [{ keys: '1' }, { keys: 1 }],
  [{ keys: '4000000' }, { keys: 4_000_000 }],
  [{ keys: '1e6' }, { keys: 1_000_000 }],
  [{ percent: '0' }, { percent: 0 }],
  [{ percent: '.5' }, { percent: 0.5 }],
  [{ percent: '+12.5' }, { percent: 12.5 }],
  [{ shape: 'square' }, { shape: 'square' }],
])('%j sets %j and leaves the rest at its default', (assignments, changed) => {
  expect(parseParameters(SPECS, assignments, 'here')).toEqual({ ...DEFAULTS, ...changed })
})

test.each([
  [{ keys: 'many' }, 'here: keys=many is not a number'],
  [{ keys: '' }, 'here: keys= is not a number'],
  [{ keys: '0x10' }, 'here: keys=0x10 is not a number'],
  [{ keys: 'Infinity' }, 'here: keys=Infinity is not a number'],
  [{ keys: '1e999' }, 'here: keys=1e999 is out of range'],
  [{ keys: '1e99' }, 'here: keys=1e99 is out of range'],
  [{ keys: '0' }, 'here: keys=0 is out of range'],
  [{ keys: '-3' }, 'here: keys=-3 is out of range'],
  [{ keys: '4000001' }, 'here: keys=4000001 is out of range'],
  [{ keys: '1.5' }, 'here: keys=1.5 is not an integer'],
  [{ percent: '100.1' }, 'here: percent=100.1 is out of range'],
  [{ shape: 'triangle' }, 'here: shape=triangle is not one of its choices'],
  [{ shape: 'Round' }, 'here: shape=Round is not one of its choices'],
])('%j is refused', (assignments, message) => {
  const failure = caughtFailure(() =>
    parseParameters(SPECS, assignments as Record<string, string>, 'here'),
  )
  expect(failure.kind).toBe('usage')
  expect(failure.message).toBe(message)
  expect(failure.cure).toMatch(/^(keys|percent|shape) takes /)
})

test.each(['colour', '__proto__', 'constructor', 'toString'])(
  'an unknown name, %s, is refused with the names there are',
  (name) => {
    const failure = caughtFailure(() =>
      parseParameters(SPECS, Object.fromEntries([[name, '1']]), 'here'),
    )
    expect(failure.message).toBe(`here: ${name}=1 sets what does not exist`)
    expect(failure.cure).toBe('names: keys, percent, shape')
  },
)

test('a mistyped name is answered with the nearest one', () => {
  const failure = caughtFailure(() => parseParameters(SPECS, { kyes: '1' }, 'here'))
  expect(failure.cure).toBe('did you mean keys? names: keys, percent, shape')
})

test('what a parameter may be is told with unit and default', () => {
  expect(describeParameter(SPECS.keys)).toBe('an integer from 1 to 4,000,000 keys (default 1,000)')
  expect(describeParameter(SPECS.percent)).toBe('a number from 0 to 100 % (default 50)')
  expect(describeParameter(SPECS.shape)).toBe('one of round, square (default round)')
})

test('assignments split at the first equals sign and lose outer spaces', () => {
  expect(parseAssignments(['a=1', ' b = x=y ', 'c='], '--param')).toEqual({
    a: '1',
    b: 'x=y',
    c: '',
  })
})

test.each(['a', '=1', '', 'a b=1'])('%j is no assignment', (text) => {
  const failure = caughtFailure(() => parseAssignments([text], '--param'))
  expect(failure.message).toBe(`--param: not of the form name=value: ${text}`)
})

test('a name that is assigned twice is refused', () => {
  const failure = caughtFailure(() => parseAssignments(['a=1', 'a=1'], '--param'))
  expect(failure.message).toBe('--param: a is given twice')
})
