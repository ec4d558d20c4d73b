import { expect, test } from 'vitest'
import { attributionRows, slowestCauses } from '../../../harness/render/report/attribution-rows.ts'
import { makeUpData, makeUpSections } from '../../../harness/render/report/make-up.ts'
import { sectionMarkup } from '../../../harness/render/view/page.ts'
import { terminalSections } from '../../../harness/render/view/terminal.ts'
import type { Attribution } from '../../../harness/results/trial-schema.ts'
import { type PairReport, pairReport } from '../../../harness/results/compared-pair.ts'
import { sampleReport } from '../sample-report.ts'

/** Two parts per arm, of which one is its own. @param own name of that. */
function attributionOf(own: string, ownNs: number): Attribution {
  const band = { samples: 20, latencyNs: 1_000 + ownNs, partsNs: [1_000, ownNs] }
  return {
    parts: ['ingress wait', own],
    requestsPerSample: 32,
    samples: 100,
    dropped: 0,
    sumsWithinShare: 1,
    bands: { p50: band, p99: { ...band, partsNs: [0, ownNs] }, p99_9: null },
    slowestByCause: { 'ingress wait': 0.25, [own.replace(/:.*/, '')]: 0.75 },
  }
}

function attributed(): PairReport {
  const report = sampleReport()
  for (const load of report.loads)
    for (const { trials } of load.sets)
      for (const trial of Object.values(trials)) {
        const own = trial.arm.startsWith('staged') ? 'queue wait: apply' : 'mailbox wait: requests'
        trial.attribution = attributionOf(own, 5_000)
      }
  return pairReport(report)
}

/** What a terminal and a page show of it. */
const onTerminal = (shown: PairReport, columns: number): string =>
  terminalSections(makeUpSections({ report: sampleReport(), pair: shown, medium: 'terminal' }), {
    color: false,
    columns,
  })
const onPage = (shown: PairReport): string =>
  makeUpSections({ report: sampleReport(), pair: shown, medium: 'page' })
    .map((section) => sectionMarkup(section).text)
    .join('')

const report = attributed()
const load = report.loads[0]!

test('parts come in the order of a request’s way; what an arm does not have is no zero', () => {
  expect(attributionRows(report, load)).toEqual([
    ['ingress wait', '1.00 µs', '0', '–', '1.00 µs', '0', '–'],
    ['queue wait: apply', '5.00 µs', '5.00 µs', '–', '–', '–', '–'],
    ['mailbox wait: requests', '–', '–', '–', '5.00 µs', '5.00 µs', '–'],
    ['latency', '6.00 µs', '6.00 µs', '–', '6.00 µs', '6.00 µs', '–'],
  ])
})

test('the slowest requests are told by their longest part, the most frequent first', () => {
  expect(slowestCauses(report, load)[0]).toMatch(/: queue wait 75%, ingress wait 25%$/)
})

test('a trial without samples leaves the whole table out', () => {
  const plain = pairReport(sampleReport())
  expect(attributionRows(plain, plain.loads[0]!)).toEqual([])
  expect(makeUpData(plain, plain.loads[0]!, 'id')).toBeNull()
  expect(onPage(plain)).toBe('')
  expect(onTerminal(plain, 80)).toBe('')
})

test('where every band has too few samples a line stands in place of the table', () => {
  const all = attributed()
  const short = { ...all, loads: all.loads.slice(0, 1) }
  for (const { trials } of short.loads[0]!.pairs)
    for (const { attribution } of Object.values(trials))
      attribution!.bands = { p50: null, p99: null, p99_9: null }
  const [first] = short.loads
  const line = 'Where the time went at 20%: too few requests were sampled to say.'
  expect(attributionRows(short, first!)).toEqual([])
  expect(onTerminal(short, 80)).toBe(line)
  expect(onPage(short)).toContain(`<p class="muted">${line}</p>`)
})

test('terminal and page show it', () => {
  const text = onTerminal(report, 100)
  expect(text).toContain('queue wait: apply')
  expect(text.split('\n').every((line) => line.length <= 100)).toBe(true)
  expect(onPage(report)).toContain('mailbox wait: requests')
})
