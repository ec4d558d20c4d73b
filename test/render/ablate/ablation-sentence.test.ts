import { expect, test } from 'vitest'
import { parseChain } from '../../../harness/experiment/ablate/chain.ts'
import {
  ablationSentence,
  agreementSentence,
  throughputSentence,
} from '../../../harness/render/ablate/sentence.ts'
import { ablationView } from '../../../harness/render/ablate/view.ts'
import { sampleAblation, summarized, troubledAblation } from '../sample-ablation.ts'

test('mechanisms are told by how much they make, the largest first, and the undecided by name only', () => {
  expect(ablationSentence(sampleAblation())).toMatch(
    /^Of the p99 ratio 0\.0043× \(0\.0040–0\.0047\) between arm 1 \(staged\) and arm 10 \(sharded\) at 30\.0k\/s \(50% of the smallest capacity\), batching makes 0\.17× \(.*\), inlining 0\.32× \(.*\), architecture 0\.39× \(.*\), polling 0\.40× \(.*\), routing .*, layout .*\); undecided: locks\.$/,
  )
})

test('more throughput is told like less latency', () => {
  expect(throughputSentence(sampleAblation())).toMatch(
    /^Of the throughput ratio 52\.3× .*, batching makes 13\.9× .*, architecture 0\.64× .*; undecided: locks, polling\.$/,
  )
})

test('a chain that changes nothing is undecided as a whole, and in each part', () => {
  const chain = parseChain('staged:idle=park,staged,staged:locks=single')
  const sentence = ablationSentence(sampleAblation({ chain, p99Ns: [500, 500, 500] }))
  expect(sentence).toMatch(
    /^Of the p99 ratio (?:1\.0|0\.9)\d× .*, itself undecided, no mechanism has a decided part; undecided: polling, locks\.$/,
  )
})

test('too few rounds for the level decide nothing, however far apart the arms are', () => {
  const chain = parseChain('staged,sharded')
  const ablation = sampleAblation({ chain, p99Ns: [500, 5], rounds: 4 })
  expect(ablationSentence(ablation)).toContain('itself undecided')
})

test('ends that both left requests unanswered are named', () => {
  const ablation = troubledAblation()
  for (const trial of ablation.measured.latency.rounds[0]!.trials)
    if (trial.arm === 0 || trial.arm === 9) trial.p99 = { ns: 1.2e9, atLeast: true }
  expect(ablationSentence(summarized(ablation))).toBe(
    'There is no p99 ratio between arm 1 (staged) and arm 10 (sharded) at 30.0k/s (50% of the smallest capacity): arm 1 and arm 9 and arm 10 left so many requests unanswered that there is no p99.',
  )
})

test('an ablation that was stopped before the load says that nothing was measured', () => {
  const ablation = sampleAblation()
  ablation.measured.latency = { rounds: [], ends: [] }
  ablation.load = null
  expect(ablationSentence(summarized(ablation))).toBe(
    'There is no p99 ratio between arm 1 (staged) and arm 10 (sharded): it was not measured.',
  )
})

test('agreement is told with both figures', () => {
  const ablation = sampleAblation()
  expect(agreementSentence(ablation, 'p99')).toBe(
    'p99: the steps multiply to 0.0043× (0.0040–0.0047), the ends measured alone show 0.0044× (0.0044–0.0045), 96.9% intervals: the intervals overlap, so they agree.',
  )
  ablation.agreement.p99 = false
  expect(agreementSentence(ablation, 'p99')).toMatch(/do not overlap: they disagree\.$/)
  ablation.agreement.p99 = null
  expect(agreementSentence(ablation, 'p99')).toBeNull()
})

test('marked trials are counted and said to count', () => {
  expect(ablationView(sampleAblation()).marked).toBeNull()
  expect(ablationView(troubledAblation()).marked).toBe(
    '2 of 52 trials failed a check (noise ×2, halves ×1): they are marked and count.',
  )
})

test('latencies of a class of requests are called that, throughput is of all', () => {
  const ablation = sampleAblation()
  ablation.run.requestClass = 'light'
  expect(ablationSentence(ablation)).toMatch(/^Of the p99 ratio .* of light requests between arm 1/)
  expect(throughputSentence(ablation)).not.toContain('light')
})
