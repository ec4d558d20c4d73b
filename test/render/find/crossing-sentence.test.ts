import { expect, test } from 'vitest'
import {
  crossingSentence,
  effortText,
  intervalText,
  shortCrossingText,
} from '../../../harness/render/find/sentence.ts'
import type { CrossingEstimate, CrossingSearch } from '../../../harness/results/find.ts'
import { sampleCrossing, troubledSearch, uncrossed, undecidedSearch } from '../sample-crossing.ts'

const changed = (search: CrossingSearch, changes: Partial<CrossingEstimate>): CrossingSearch => ({
  ...search,
  crossing: { ...search.crossing!, ...changes },
})
const onThroughput = (search: CrossingSearch): CrossingSearch => ({
  ...search,
  run: { ...search.run, metric: 'achievedPerSecond' },
})

test('a crossing is told with its interval and with who is better on either side', () => {
  expect(crossingSentence(sampleCrossing())).toMatch(
    /^sharded’s p99 crosses staged’s at theta = 0\.86 \(0\.80–0\.93, 95%\): below it sharded is faster, above it staged\.$/,
  )
})

test('a curve that comes down has the other arm below it, and so has a metric of which more is better', () => {
  const falling = changed(sampleCrossing(), { direction: 'decreasing' })
  expect(crossingSentence(falling)).toContain('below it staged is faster, above it sharded.')
  expect(crossingSentence(onThroughput(sampleCrossing()))).toMatch(
    /^sharded’s throughput at capacity crosses .*: below it staged does more, above it sharded\.$/,
  )
})

test('what does not cross is told with the resamples that agree', () => {
  expect(crossingSentence(uncrossed())).toBe(
    'sharded’s p99 does not cross staged’s between theta = 0 and 1.2: sharded is faster throughout (all 2,000 resamples).',
  )
  const most = changed(uncrossed(), { secondSmaller: 1_954, crossing: 46 })
  expect(crossingSentence(most)).toContain('(1,954 of 2,000 resamples)')
  expect(crossingSentence(onThroughput(uncrossed()))).toContain('staged does more throughout')
  const larger = { outcome: 'second-larger', secondLarger: 2_000, secondSmaller: 0 } as const
  expect(crossingSentence(changed(uncrossed(), larger))).toContain('staged is faster throughout')
})

test('what is undecided says what the resamples say', () => {
  expect(crossingSentence(undecidedSearch())).toMatch(
    /^Whether sharded’s p99 crosses staged’s between theta = 0 and 1\.2 is undecided: of 2,000 resamples [\d,]+ /,
  )
  const likely = changed(sampleCrossing(), {
    outcome: 'inconclusive',
    crossing: 1_900,
    secondLarger: 100,
  })
  expect(crossingSentence(likely)).toMatch(
    /undecided: of 2,000 resamples 1,900 cross, 100 have staged better throughout; if it does, then probably at 0\.8\d* \(.*, 95%\)\.$/,
  )
})

test('where all resamples agree and it is still undecided, too few pairs are to blame', () => {
  expect(crossingSentence(troubledSearch())).toContain(
    'is undecided: there are too few pairs to trust that all 2,000 resamples cross; if it does, then probably at 0.9',
  )
})

test('before two values have a ratio nothing is known', () => {
  const search = { ...troubledSearch(), crossing: null }
  expect(crossingSentence(search)).toContain('is not known: too little was measured.')
  expect(shortCrossingText(search)).toBe('nothing known yet')
})

test('an interval can be open on either side', () => {
  const search = sampleCrossing()
  expect(intervalText(changed(search, { lower: 0.83, upper: null }))).toBe('at least 0.83')
  expect(intervalText(changed(search, { lower: null, upper: 0.2 }))).toBe('at most 0.20')
  expect(intervalText(changed(search, { lower: null, upper: null }))).toBe('anywhere from 0 to 1.2')
  expect(intervalText(changed(search, { lower: 0, upper: 0.4 }))).toBe('0.00–0.40')
})

test('positions have as many digits as their interval supports', () => {
  const wide = changed(sampleCrossing(), { position: 0.87654, lower: 0.4, upper: 1.1 })
  expect(shortCrossingText(wide)).toBe('theta = 0.88 (0.40–1.10)')
  const narrow = changed(wide, { lower: 0.8712, upper: 0.8801 })
  expect(shortCrossingText(narrow)).toBe('theta = 0.8765 (0.8712–0.8801)')
  const load = { ...wide, over: { ...wide.over, name: 'load', unit: '%', from: 10, to: 95 } }
  const percent = changed(load, { position: 61.234, lower: 55.12, upper: 66.91 })
  expect(shortCrossingText(percent)).toBe('load = 61% (55%–67%)')
})

test('only whole pairs are counted, and why it ended is told', () => {
  expect(effortText(sampleCrossing())).toBe(
    '45 pairs at 7 values in 171 s; it ended because the interval is no wider than 10% of the range.',
  )
  expect(effortText(troubledSearch())).toBe('10 pairs at 5 values in 171 s.')
  const { values, ...rest } = troubledSearch()
  const single = [{ ...values[0]!, pairs: sampleCrossing().values[0]!.pairs.slice(0, 1) }]
  expect(effortText({ ...rest, values: single })).toBe('1 pair at 1 value in 171 s.')
})

test('values that were left out are named, and the ends are those of the others', () => {
  expect(crossingSentence(sampleCrossing({ timerBoundAt: [0, 0.3] }))).toMatch(
    /: below it sharded is faster, above it staged\. Left out as timer-bound: theta = 0 and 0\.3\.$/,
  )
  const pairs = { 0: 12, 0.3: 12, 0.6: 2, 0.9: 2, 1.2: 12 }
  const below = sampleCrossing({ pairs, ratio: () => 0.6, timerBoundAt: [0] })
  expect(crossingSentence(below)).toMatch(
    /between theta = 0\.3 and 1\.2: sharded is faster throughout/,
  )
})

test('a crossing that rests on a timer-bound value is undecided, and says why', () => {
  expect(crossingSentence(sampleCrossing({ timerBoundAt: [0.9] }))).toMatch(
    /is undecided: a value that was left out lies beside the crossing; if it does, then probably at 0\.\d+ \(.*\)\. Left out as timer-bound: theta = 0\.9\.$/,
  )
})

test('latencies of a class of requests are called that', () => {
  const search = sampleCrossing()
  const ofLight = { ...search, run: { ...search.run, requestClass: 'light' } }
  expect(crossingSentence(ofLight)).toContain('sharded’s p99 of light requests crosses staged’s')
  expect(crossingSentence(onThroughput(ofLight))).not.toContain('light')
})
