import { expect, test } from 'vitest'
import { CrossoverError } from '../../harness/base/errors.ts'
import { absoluteLoads, apart, matchLoads } from '../../harness/compare/reports.ts'
import type { Load } from '../../harness/results/schema.ts'

const load = (label: string, offeredPerSecond: number | null): Load => ({
  label,
  offeredPerSecond,
  fractionOfCapacity: null,
  sets: [],
  comparisons: [],
})

function matched(before: readonly Load[], after: readonly Load[]): string[] {
  const found = matchLoads('kv-update', before, after)
  if (found instanceof CrossoverError) throw found
  const labels = found.matches.map(({ before: old, after: now }) => `${old.label}=${now.label}`)
  return [...labels, ...found.withoutPartner]
}

test('loads are matched by label, whatever their order', () => {
  const before = [load('20%', 20_000), load('50%', 50_000), load('max', null)]
  const after = [load('max', null), load('50%', 51_000), load('20%', 20_400)]
  expect(matched(before, after)).toEqual(['20%=20%', '50%=50%', 'max=max'])
})

test('others are matched by what they offer, the nearest first', () => {
  const before = [load('20%', 20_123.4), load('50%', 50_308.5), load('90%', 90_000)]
  const after = [load('50308/s', 50_308), load('20123/s', 20_123), load('200k/s', 200_000)]
  expect(matched(before, after)).toEqual([
    '20%=20123/s',
    '50%=50308/s',
    'load 90% of the old report',
    'load 200k/s of the new report',
  ])
})

test('loads of one label more than 10 % apart are refused, with the loads of the old report as the cure', () => {
  const before = [load('20%', 20_000), load('50%', 50_000)]
  expect(matchLoads('kv-update', before, [load('20%', 24_000), load('50%', 60_000)])).toMatchObject(
    {
      kind: 'usage',
      code: 'compare-loads-apart',
      message:
        'kv-update: loads are 20 % apart: 20% is 20000/s in the old report, 24000/s in the new one',
      cure: 'offer what the old run offered: --loads 20000/s,50000/s, or --baseline <old>',
    },
  )
  expect(matchLoads('kv-update', before, [load('20%', 16_000)])).toMatchObject({
    message: expect.stringContaining('loads are 25 % apart'),
  })
})

test('a ratio is as far apart below one as above', () => {
  expect([apart(0.8), apart(1.25), apart(1)]).toEqual([1.25, 1.25, 1])
})

test('loads as --loads takes them: whole numbers, decimals where they matter', () => {
  const loads = [load('20%', 12.345), load('50%', 50_308.5), load('max', null)]
  expect(absoluteLoads(loads)).toBe('12.35/s,50309/s,max')
})
