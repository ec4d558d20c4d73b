import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { BYTES, formatQuantity, NOT_AVAILABLE } from '../../words/format.ts'
import { METRIC_LABELS, metricOf } from '../../words/metrics.ts'
import { armLabels } from '../../words/names.ts'
import { chartElement } from '../page/axis.ts'
import { html, type Markup } from '../page/document.ts'
import { dataTable } from '../page/table.ts'
import { ratioSides } from './answer-section.ts'
import {
  breakEvenText,
  capacityRows,
  hasSustained,
  inlineCeilingText,
  sustainedRatioTexts,
} from './capacity-rows.ts'
import { type CounterRow, counterRows } from './counter-rows.ts'
import type { PackedReport } from './draw-report.ts'
import { failedGates, gateRows, voidTrials } from './findings.ts'
import { objectiveRatioText, objectiveRows, objectiveTitle, probeTexts } from './objective-rows.ts'
import { loadName, pairFigures, shareDoubts } from './pair-figures.ts'
import { type RatioData, ratioDescription } from './ratios.ts'

/** Every pair as a dot and as a row; null when no pair has a ratio. */
export function pairSection(report: PairReport, chart: RatioData | null): Markup | null {
  if (chart === null) return null
  const hasDoubtful = chart.rows.some(({ dots }) => dots.some(({ isDoubtful }) => isDoubtful))
  return html`<section id="pairs">
    <h2>Every pair</h2>
    <p class="muted">
      A dot is one pair: both arms in one round on the same requests. The first pair is at the top
      of its row, below the estimate over all of
      them.${hasDoubtful ? ' Hollow dots: a trial of the pair failed a validity gate.' : null}
    </p>
    ${ratioSides(report)} ${chartElement(chart.elementId, ratioDescription(report, chart))}
    ${report.loads.map((load) => html`${pairTable(report, load)}`)}
  </section>`
}

function pairTable(report: PairReport, load: PairLoad): Markup | null {
  const metric = metricOf(report, load)
  const pairs = pairFigures(report, load, metric)
  if (pairs.length === 0) return null
  const [first, second] = armLabels(report)
  return dataTable({
    caption: `Pairs at ${loadName(load)}: ${METRIC_LABELS[metric]}`,
    corner: 'pair',
    columns: [
      { text: 'ran first' },
      { text: first, arm: 'first' },
      { text: second, arm: 'second' },
      { text: `${second} ÷ ${first}` },
      { text: 'gates' },
    ],
    rows: pairs.map((pair) => ({
      label: String(pair.pair),
      cells: [
        pair.ranFirst,
        pair.first,
        pair.second,
        pair.ratioText,
        pair.isDoubtful ? 'failed' : 'passed',
      ],
    })),
  })
}

const COLUMNS = ['sustained', 'saturated throughput', 'CPU per request', 'overhead per request']

/** What the arms can bear, and what an architecture adds to a request; null when neither was measured. */
export function capacitySection(report: Report): Markup | null {
  const rows = capacityRows(report)
  const ceiling = inlineCeilingText(report)
  const ratios = sustainedRatioTexts(report)
  const breakEven = breakEvenText(report)
  if (rows.length === 0 && breakEven === null) return null
  return html`<section id="capacity">
    <h2>Capacity</h2>
    <p class="muted">
      ${sustainedText(report)} Saturated throughput is what a closed window${windowText(report)}
      completes. Overhead is what an architecture adds to each request: cores ÷ saturated throughput
      − cores ÷ inline ceiling.
    </p>
    ${dataTable({
      caption: 'Capacity and cost per request',
      corner: 'arm',
      columns: COLUMNS.map((text) => ({ text })),
      rows: [
        ...rows.map(({ label, sustained, saturated, cpuPerRequest, overhead }) => ({
          label,
          cells: [sustained, saturated, cpuPerRequest, overhead],
        })),
        ...(ceiling === null
          ? []
          : [
              {
                label: 'inline ceiling: the same functions, no architecture',
                cells: ['', ceiling, '', ''],
              },
            ]),
      ],
    })}
    ${ratios.length === 0 ? null : html`<p>Sustained, ${ratios.join('; ')}.</p>`}
    ${breakEven === null ? null : html`<p>${breakEven}</p>`}
  </section>`
}

/** Reports before version 4 knew the closed window only. */
function sustainedText({ capacity }: Report): string {
  return capacity !== null && hasSustained(capacity)
    ? 'Sustained is the highest load, requests at their own instants, that was kept: loads in percent are shares of the smallest.'
    : ''
}

function windowText(report: Report): string {
  return report.capacity === null ? '' : ` of ${report.capacity.windowPerPort} requests per port`
}

/** Counters and memory of both arms at every load, side by side; null when no pair is sound. */
export function counterSection(report: PairReport): Markup | null {
  const loads = report.loads
    .map((load) => ({ load, rows: counterRows(report, load) }))
    .filter(({ rows }) => rows.length > 0)
  if (loads.length === 0) return null
  const [first, second] = armLabels(report)
  return html`<section id="counters">
    <h2>Counters and memory</h2>
    ${dataTable({
      caption: 'Counters and memory, medians over pairs',
      corner: 'counter',
      groups: loads.map(({ load }) => ({ text: `load ${loadName(load)}`, span: 2 })),
      columns: loads.flatMap(() => [
        { text: first, arm: 'first' as const },
        { text: second, arm: 'second' as const },
      ]),
      rows: labelsOf(loads).map((label) => ({
        label,
        cells: loads.flatMap(({ rows }) => {
          const row = rows.find((one) => one.label === label)
          return [row?.first ?? NOT_AVAILABLE, row?.second ?? NOT_AVAILABLE]
        }),
      })),
    })}
  </section>`
}

/** Some counters are there only at loads that have what they count. */
function labelsOf(
  loads: readonly { readonly load: PairLoad; readonly rows: readonly CounterRow[] }[],
): readonly string[] {
  return [...new Set(loads.flatMap(({ rows }) => rows.map(({ label }) => label)))]
}

/** Every reason to doubt the numbers, says so when there is none, and which gates the trials had to pass. */
export function doubtSection(report: Report): Markup {
  const entries = [
    ...voidTrials(report).map(
      ({ where, what }) => html`<li><span class="alarm">void</span> ${where}: ${what}</li>`,
    ),
    ...[...shareDoubts(report.loads), ...failedGates(report)].map(
      ({ where, what }) => html`<li><strong>doubtful</strong> ${where}: ${what}</li>`,
    ),
    ...report.warnings.map(
      ({ message, cure }) =>
        html`<li>
          <strong>warning</strong> ${message}. <span class="muted">Cure: ${cure}.</span>
        </li>`,
    ),
  ]
  return html`<section id="gates">
    <h2>Gates and warnings</h2>
    ${
      entries.length === 0
        ? html`<p>All trials passed every check.</p>`
        : html`<ul>
            ${entries}
          </ul>`
    }
    ${gateTable(report)}
  </section>`
}

function gateTable(report: Report): Markup | null {
  const rows = gateRows(report)
  if (rows.length === 0) return null
  const [compared] = report.comparisons
  return dataTable({
    caption: 'Validity gates: trials that passed',
    corner: 'gate',
    columns: report.arms.map(({ label }) => ({
      text: label,
      arm: label === compared?.first ? 'first' : label === compared?.second ? 'second' : '',
    })),
    rows,
  })
}

/** Everything that was measured, to take away. */
export function downloadSection({ base64, bytes }: PackedReport): Markup {
  const size = formatQuantity(bytes, BYTES)
  return html`<section id="data">
    <h2>Raw data</h2>
    ${
      base64 === null
        ? html`<p>
            report.json beside this page (${size}) holds all that was measured; it is too large to
            be inside, too.
          </p>`
        : html`<p>report.json holds all that was measured; every figure here is made from it.</p>
            <button type="button" id="download" hidden>Download report.json (${size})</button>
            <noscript
              ><p class="muted">Without JavaScript take it from beside this page.</p></noscript
            >`
    }
  </section>`
}

/** The highest load of each arm within the objective, and how it was found; null when none was searched. */
export function objectiveSection(report: PairReport): Markup | null {
  const { objective } = report
  if (objective === null) return null
  const ratio = objectiveRatioText(report, objective)
  const probes = probeTexts(objective)
  return html`<section id="objective">
    <h2>${objectiveTitle(objective)}</h2>
    <p>${objective.sentence}</p>
    ${dataTable({
      caption: 'What each arm sustains within the objective',
      corner: 'arm',
      columns: [
        'highest load',
        'rounds that kept it',
        `${METRIC_LABELS[objective.percentile]} there`,
      ].map((text) => ({ text })),
      rows: objectiveRows(report, objective).map(({ label, load, kept, latency }) => ({
        label,
        cells: [load, kept, latency],
      })),
    })}
    ${ratio === null ? null : html`<p>${ratio}</p>`}
    ${
      probes.length === 0
        ? null
        : html`<details>
            <summary>Every load that was tried, in order</summary>
            <ul>
              ${probes.map((probe) => html`<li>${probe}</li>`)}
            </ul>
          </details>`
    }
  </section>`
}
