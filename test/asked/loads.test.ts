import { expect, test } from 'vitest'
import { parseLoads, parseSingleLoad, refuseBusiest } from '../../harness/asked/loads.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

test.each([
  ['50%', { kind: 'percent', label: '50%', percent: 50 }],
  ['12.5%', { kind: 'percent', label: '12.5%', percent: 12.5 }],
  ['0.1%', { kind: 'percent', label: '0.1%', percent: 0.1 }],
  ['1000%', { kind: 'percent', label: '1000%', percent: 1_000 }],
  ['200000/s', { kind: 'absolute', label: '200000/s', perSecond: 200_000 }],
  ['1/s', { kind: 'absolute', label: '1/s', perSecond: 1 }],
  ['1.5k/s', { kind: 'absolute', label: '1.5k/s', perSecond: 1_500 }],
  ['2M/s', { kind: 'absolute', label: '2M/s', perSecond: 2_000_000 }],
  ['max', { kind: 'max', label: 'max' }],
])('%j is one load', (text, load) => {
  expect(parseLoads(text)).toEqual([load])
})

test('a list keeps its order', () => {
  expect(parseLoads(' 80%, 20% ,max,1k/s').map((load) => load.label)).toEqual([
    '80%',
    '20%',
    'max',
    '1k/s',
  ])
})

test.each([
  '150x',
  '0%',
  '0.05%',
  '1001%',
  '-5%',
  '-5/s',
  '0/s',
  '0.5/s',
  '1e99/s',
  '101M/s',
  '5',
  '%',
  '/s',
  'k/s',
  '1.%',
  '5 %',
  'Max',
  'NaN%',
  '1K/s',
])('%j is no load', (text) => {
  const failure = caughtFailure(() => parseLoads(`50%,${text}`))
  expect(failure.kind).toBe('usage')
  expect(failure.message).toBe(`--loads: not a load: ${text}`)
  expect(failure.cure).toContain('--loads 20%,50%,max')
})

test.each(['', '20%,', ',20%', '20%,,50%'])('an empty part is no load: %j', (text) => {
  expect(caughtFailure(() => parseLoads(text)).message).toBe('--loads: not a load: (empty)')
})

test('the same load twice is refused', () => {
  expect(caughtFailure(() => parseLoads('20%,max,20%')).message).toBe('--loads: 20% is given twice')
})

test('a single load is a share of capacity or absolute', () => {
  expect(parseSingleLoad('50%')).toEqual({ kind: 'percent', label: '50%', percent: 50 })
  expect(parseSingleLoad(' 1.5k/s')).toEqual({
    kind: 'absolute',
    label: '1.5k/s',
    perSecond: 1_500,
  })
})

test.each(['max', '20%,50%', '', '0%'])('%s is no single load', (text) => {
  expect(caughtFailure(() => parseSingleLoad(text))).toMatchObject({
    kind: 'usage',
    code: 'load',
    message: `--load: not a load: ${text || '(empty)'}`,
    cure: expect.stringContaining('--load 50%'),
  })
})

test('a load may be placed by each arm or by the busiest shard', () => {
  expect(parseLoads('80%-of-each, 100.5%-of-busiest,50%')).toEqual([
    { kind: 'each', label: '80%-of-each', percent: 80 },
    { kind: 'busiest', label: '100.5%-of-busiest', percent: 100.5 },
    { kind: 'percent', label: '50%', percent: 50 },
  ])
})

test.each(['80%-of-all', '80-of-each', '0%-of-each', '2000%-of-busiest', '80% of each', '80%-of-'])(
  '%j is no placed load, and the cure names those that there are',
  (text) => {
    const failure = caughtFailure(() => parseLoads(text))
    expect(failure).toMatchObject({ kind: 'usage', code: 'loads' })
    expect(failure.cure).toContain('80%-of-each (each arm its own share)')
    expect(failure.cure).toContain('80%-of-busiest')
  },
)

test('a single load cannot be placed', () => {
  expect(() => parseSingleLoad('80%-of-each')).toThrow('--load: not a load: 80%-of-each')
})

test('a busiest shard needs a sharded arm, and keys that can be made even', () => {
  const loads = parseLoads('50%,80%-of-busiest')
  const [staged, sharded] = [{ architecture: 'staged' }, { architecture: 'sharded' }]
  expect(() => refuseBusiest(loads, [staged, sharded], false)).not.toThrow()
  expect(() => refuseBusiest(parseLoads('50%'), [staged], true)).not.toThrow()
  expect(() => refuseBusiest(loads, [staged, staged], false)).toThrow(
    '--loads 80%-of-busiest: no arm is sharded',
  )
  expect(() => refuseBusiest(loads, [staged, sharded], true)).toThrow(/played from a log/)
})
