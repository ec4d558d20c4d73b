import { expect, test } from 'vitest'
import { parseLimit } from '../../harness/cli/compare.ts'
import type { Limit } from '../../harness/compare/limits.ts'

test.each<[string, Omit<Limit, 'text'>]>([
  ['p99 > 10%', { arm: null, metric: 'p99', ratio: 1.1, side: 'above' }],
  ['p99>10%', { arm: null, metric: 'p99', ratio: 1.1, side: 'above' }],
  ['p99.9 > 0 %', { arm: null, metric: 'p99_9', ratio: 1, side: 'above' }],
  ['throughput < -5%', { arm: null, metric: 'achievedPerSecond', ratio: 0.95, side: 'below' }],
  ['cpu < −2.5%', { arm: null, metric: 'cpuPerRequest', ratio: 0.975, side: 'below' }],
  ['sharded p99 > +10%', { arm: 'sharded', metric: 'p99', ratio: 1.1, side: 'above' }],
  [
    'staged:layout=fused p50 > 10%',
    { arm: 'staged:layout=fused', metric: 'p50', ratio: 1.1, side: 'above' },
  ],
])('%s', (text, limit) => {
  expect(parseLimit(text)).toEqual({ text, ...limit, ratio: expect.closeTo(limit.ratio, 12) })
})

test.each([
  ['', '--fail-if (empty): not a limit', /^write \[arm\] metric > share/],
  ['p99', '--fail-if p99: not a limit', /^write/],
  ['p99 > 10', '--fail-if p99 > 10: not a limit', /--fail-if "p99 > 10%"/],
  ['p99 >= 10%', '--fail-if p99 >= 10%: not a limit', /^write/],
  ['p99 > 1.1x', '--fail-if p99 > 1.1x: not a limit', /^write/],
  ['a b p99 > 10%', '--fail-if a b p99 > 10%: not a limit', /^write/],
  ['p98 > 10%', '--fail-if p98 > 10%: no metric has this name: p98', /^did you mean p9\d/],
  [
    'p99 < 10%',
    '--fail-if p99 < 10%: this fails even where nothing changes',
    /too much of a change/,
  ],
  ['throughput > -5%', 'this fails even where nothing changes', /too much of a change/],
  ['p99 > 5000%', '--fail-if p99 > 5000%: out of range', /^> takes 0% to 1000%$/],
  ['throughput < -100%', 'out of range', /^< takes −99.9% to 0%$/],
])('%s is refused with a line and a cure', (text, message, cure) => {
  expect(() => parseLimit(text)).toThrow(
    expect.objectContaining({
      kind: 'usage',
      code: 'fail-if',
      message: expect.stringContaining(message),
      cure: expect.stringMatching(cure),
    }),
  )
})
