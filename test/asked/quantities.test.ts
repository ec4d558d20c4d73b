import { describe, expect, test } from 'vitest'
import { formatPercent } from '../../harness/words/format.ts'
import { findProfile } from '../../harness/asked/profiles.ts'
import {
  choosePairs,
  chooseRepetitions,
  METRIC_NAMES,
  metricName,
  parseLevel,
  parseMetric,
  parsePrecision,
  parseRequestClass,
  parseShare,
  parseUntil,
  parseValidationParts,
  parseWithin,
  requireWithin,
} from '../../harness/asked/quantities.ts'
import { COMPARISON_NAMES } from '../../harness/results/schema.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

/** Flags that take a share, as a user writes them. */
const SHARES = [
  {
    flag: '--level',
    parse: parseLevel,
    taken: { '0.95': 0.95, '95%': 0.95, '99%': 0.99, '0.5': 0.5, '50%': 0.5, '.999': 0.999 },
    refused: ['1.5', '1', '100%', '0.49', '49%', '0', '95', '-0.95', '', 'high'],
    fault: 'not a confidence',
    cure: '--level takes 0.5 and more, and less than 1, e.g. --level 0.95 or --level 99%',
  },
  {
    flag: '--until-precise',
    parse: parsePrecision,
    taken: { '10%': 0.1, '0.1': 0.1, '1%': 0.01, '100%': 1, '1': 1 },
    refused: ['0', '0%', '0.9%', '0.009', '101%', '10', '-10%', '', 'very'],
    fault: 'not a precision',
    cure: '--until-precise takes 1% to 100%, e.g. --until-precise 10% or --until-precise 0.1',
  },
  {
    flag: '--until',
    parse: parseUntil,
    taken: { '10%': 0.1, '0.05': 0.05, '1%': 0.01, '50%': 0.5 },
    refused: ['', '0', '0.5%', '60%', '1', '-1%', 'narrow'],
    fault: 'not a share of the range',
    cure: '--until takes 1% to 50%, e.g. --until 5% or --until 0.05',
  },
]

describe.each(SHARES)('$flag', ({ flag, parse, taken, refused, fault, cure }) => {
  test.each(Object.entries(taken))('%j is the share %d', (text, share) => {
    expect(parse(text)).toBe(share)
  })

  test.each(refused)('%j is refused with what it takes', (text) => {
    expect(caughtFailure(() => parse(text))).toMatchObject({
      kind: 'usage',
      message: `${flag} ${text}: ${fault}`,
      cure,
    })
  })
})

test.each([
  ['10%', 0.1],
  ['97.5%', 0.975],
  ['.5%', 0.005],
  ['.1', 0.1],
  ['1', 1],
  ['0', 0],
])('%j is the share %d', (text, share) => {
  expect(parseShare(text)).toBeCloseTo(share, 12)
})

test.each(['', '%', '10 %', '-1', '+1', '1.', '1e-1', 'NaN', 'Infinity', '10%%'])(
  '%j is no share',
  (text) => {
    expect(parseShare(text)).toBeUndefined()
  },
)

test.each([
  [0.95, '95 %'],
  [0.999, '99.9 %'],
  [0.07, '7 %'],
  [1, '100 %'],
])('%d is written %j', (share, text) => {
  expect(formatPercent(share)).toBe(text)
})

test.each([
  [undefined, 0.95, 'default', 8],
  [undefined, 0.95, 'smoke', 1],
  [undefined, 0.99, 'smoke', 1],
  [undefined, 0.99, 'default', 8],
  [undefined, 0.99, 'long', 16],
  [6, 0.95, 'smoke', 6],
  [8, 0.99, 'default', 8],
  [2, 0.5, 'default', 2],
  [64, 0.95, 'default', 64],
])('%s pairs at level %d with profile %s are %d', (asked, level, profile, pairs) => {
  expect(choosePairs(asked, level, findProfile(profile))).toBe(pairs)
})

test('a profile whose rounds are too few for the level is refused', () => {
  const failure = caughtFailure(() => choosePairs(undefined, 0.99, findProfile('short')))
  expect(failure.message).toBe(
    '--level 99%: an interval of 99 % needs at least 8 pairs, and profile short has 6 rounds',
  )
  expect(failure.cure).toBe('--pairs 8')
})

describe.each(['pairs', 'rounds'] as const)('%s', (what) => {
  test('are eight unless others are asked for', () => {
    expect(chooseRepetitions(what, undefined, 0.95)).toBe(8)
    expect(chooseRepetitions(what, 12, 0.99)).toBe(12)
    expect(chooseRepetitions(what, 2, 0.5)).toBe(2)
  })

  test('whose default is too small for the level are refused with the number that would do', () => {
    expect(caughtFailure(() => chooseRepetitions(what, undefined, 0.999))).toMatchObject({
      kind: 'usage',
      message: `--level 99.9%: an interval of 99.9 % needs at least 11 ${what}, and the default is 8`,
      cure: `--${what} 11`,
    })
  })
})

describe.each([
  ['pairs', (asked: number, level: number) => choosePairs(asked, level, findProfile('smoke'))],
  ['pairs', (asked: number, level: number) => chooseRepetitions('pairs', asked, level)],
  ['rounds', (asked: number, level: number) => chooseRepetitions('rounds', asked, level)],
])('fewer %s than the level needs', (what, choose) => {
  test.each([
    [1, 0.95, '95 %', 6],
    [5, 0.95, '95 %', 6],
    [6, 0.99, '99 %', 8],
    [1, 0.5, '50 %', 2],
  ])('%d at %d are refused', (asked, level, share, needed) => {
    expect(caughtFailure(() => choose(asked, level))).toMatchObject({
      kind: 'usage',
      message: `--${what} ${asked}: an interval of ${share} needs at least ${needed} ${what}`,
      cure: `--${what} ${needed} or more, or a lower --level`,
    })
  })
})

test.each([
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p99', 'p99'],
  ['p99.9', 'p99_9'],
  ['p99_9', 'p99_9'],
  ['max', 'max'],
  ['throughput', 'achievedPerSecond'],
  ['cpu', 'cpuPerRequest'],
])('%j is the metric %s', (text, metric) => {
  expect(parseMetric(text)).toBe(metric)
})

test('every metric of a report has a name that is read back', () => {
  const names = COMPARISON_NAMES.map((metric) => metricName(metric))
  expect(names.map((name) => parseMetric(name))).toEqual([...COMPARISON_NAMES])
  expect(names.toSorted()).toEqual(METRIC_NAMES.toSorted())
})

test.each([
  [undefined, ['theory', 'aa', 'planted', 'omission']],
  ['aa', ['aa']],
  ['omission, theory', ['theory', 'omission']],
  ['aa,aa', ['aa']],
])('%j are the parts %j', (text, parts) => {
  expect(parseValidationParts(text)).toEqual(parts)
})

test.each([
  ['20ms', false, { kind: 'time', ns: 20_000_000 }],
  ['500us', true, { kind: 'time', ns: 500_000 }],
  ['10x', true, { kind: 'times', factor: 10 }],
] as const)('%s is how soon an answer must come to be useful', (text, isRelative, within) => {
  expect(parseWithin(text, isRelative)).toEqual({ text, ...within })
})

test.each([
  ['10x', false],
  ['0ms', true],
  ['61s', true],
  ['20', true],
  ['0x', true],
  ['2000x', true],
  ['', false],
] as const)('%j (a multiple may be: %j) is none', (text, isRelative) => {
  expect(() => parseWithin(text, isRelative)).toThrow(`--within ${text}: not a time`)
})

test('goodput without such a time is refused', () => {
  expect(() => requireWithin('goodputPerSecond', null)).toThrow(/--metric goodput/)
  expect(() => requireWithin('p99', null)).not.toThrow()
})

const CLASSED = { classes: { by: 'client', names: ['heavy', 'light'] } } as const

test('--class takes a class that the workload names, for latencies', () => {
  expect(parseRequestClass(undefined, {}, 'p99')).toBeNull()
  expect(parseRequestClass('light', CLASSED, 'p99')).toBe('light')
  expect(parseRequestClass('light', CLASSED, null)).toBe('light')
  const refused = (...asked: Parameters<typeof parseRequestClass>) =>
    caughtFailure(() => parseRequestClass(...asked))
  expect(refused('ligth', CLASSED, 'p99')).toMatchObject({
    kind: 'usage',
    message: '--class: no class of requests has this name: ligth',
    cure: 'did you mean light? classes: heavy, light',
  })
  expect(refused('light', {}, 'p99')).toMatchObject({
    kind: 'usage',
    message: '--class light: the scenario names no classes of requests',
  })
  expect(refused('light', CLASSED, 'cpuPerRequest')).toMatchObject({
    kind: 'usage',
    message: '--class light: cpu is of all requests, not of a class',
  })
})
