import {
  type Catalogue,
  type CatalogueEntry,
  type CatalogueFigures,
  THEMES,
} from '../results/catalogue.ts'
import type { PairReport } from '../results/compared-pair.ts'
import type { ComparisonName, Estimate } from '../results/schema.ts'
import { SMALLEST_RATIO } from '../stats/verdict.ts'
import { counted, formatEstimate, formatSeconds, RATIO } from '../words/format.ts'
import { ofClass } from '../words/metrics.ts'
import type { LogAxis } from './page/axis.ts'
import { html, pageDocument } from './page/document.ts'
import { chartScript } from './page/draw-charts.ts'
import { OVERVIEW_STYLE } from './page/style.ts'
import { middleLoad, predictionText } from './report/notices.ts'
import { judgedRatio } from './report/ratios.ts'
import {
  advantage,
  advantageAxis,
  type Forest,
  forestChart,
  type ForestRow,
  placedRatio,
} from './view/forest.ts'
import { partialText } from './view/measured.ts'
import { chartsOf, contents, headMarkup, sectionMarkup } from './view/page.ts'
import type { ChartBlock, Entry, Head, RecordCell, RecordRow, TitledBlocks } from './view/view.ts'

type Outcome = NonNullable<CatalogueEntry['outcome']>

/** What became of a prediction over all loads, in a word or two: `confirmed` only where it is at every one of them. */
export function outcomeWord(outcome: Outcome | null): string {
  if (outcome === null) return 'not tested'
  const [isConfirmed, isRefuted] = [outcome.confirmed.length > 0, outcome.refuted.length > 0]
  if (isConfirmed)
    return isRefuted || outcome.undecided.length > 0 ? 'confirmed in part' : 'confirmed'
  return isRefuted ? 'refuted' : 'undecided'
}

/** One scenario's result in two lines for the terminal: what was found, and what became of the prediction. */
export function entryText(entry: CatalogueEntry): string {
  const found = `${entry.name}: ${entry.headline ?? 'nothing was measured.'}`
  return entry.outcomeText === null ? found : `${found}\n  prediction: ${entry.outcomeText}`
}

/** All scenarios in one sentence: `35 scenarios: 30 sound, 5 failed. Predictions: 12 confirmed, 3 refuted, …`. */
export function catalogueSentence({ scenarios }: Catalogue): string {
  const states = tally(scenarios.map(({ state }) => STATES[state]))
  const outcomes = tally(
    scenarios.filter(({ outcome }) => outcome !== null).map(({ outcome }) => outcomeWord(outcome)),
  )
  const predictions = outcomes === '' ? '' : ` Predictions: ${outcomes}.`
  return `${counted(scenarios.length, 'scenario')}: ${states}.${predictions}`
}

/** How an entry's state is said. */
const STATES: Readonly<Record<CatalogueEntry['state'], string>> = {
  sound: 'sound',
  failed: 'failed',
  unfinished: 'not finished',
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
}

/** What the first comparison of a report came to, at the load that stands for it; null where no pair is sound. */
export function catalogueFigures(report: PairReport): CatalogueFigures | null {
  const load = middleLoad(report)
  if (load === undefined) return null
  const [first, second] = report.arms.map(({ label }) => label) as [string, string]
  const { comparison, label } = load
  const { metric, winner, threshold, ratio } = judgedRatio(report, load)
  return {
    first,
    second,
    load: label,
    metric,
    requestClass: report.run.requestClass,
    winner,
    threshold,
    ratio,
    p50: comparison?.p50 ?? null,
    p99: comparison?.p99 ?? null,
    capacity: report.capacity?.sustainedRatios[0] ?? null,
  }
}

/**
 * A catalogue as one page: by theme a picture of who is how many times better at what, and below it every scenario with its
 * question, its claim and what was found. Links lead to the reports beside it. About 1 MB, of which the drawing library is 0.7.
 */
export function renderCataloguePage(catalogue: Catalogue): string {
  const themes = themeSections(catalogue.scenarios)
  const sections = [...themes, repeatSection(catalogue)]
  const charts = chartsOf(sections)
  const head = catalogueHead(catalogue, charts.length > 0)
  return pageDocument({
    title: head.title,
    head: html`${headMarkup(head)} ${contents(sections)}`,
    body: html`${sections.map(sectionMarkup)}`,
    style: OVERVIEW_STYLE,
    ...chartScript(charts),
  })
}

const MEANING =
  'Each scenario asks one question of both architectures. What its author claims was written down before it was measured; the outcome is whether it came true, at default parameters. What a claim says beyond it is in the scenario’s figures, sweeps and arms.'
const HOW_TO_READ =
  'In the pictures a row is a scenario at the middle one of its loads. Large points are what its verdict is about, p99 unless the row says otherwise, in the winner’s colour, hollow where nobody wins; small ones are the p99, squares the median (p50), triangles the highest load that is sustained. Lines are confidence intervals; inside the grey zone a difference is too small for a winner. All pictures have the same axis.'

function catalogueHead(catalogue: Catalogue, hasPictures: boolean): Head {
  const answer = catalogueSentence(catalogue)
  return {
    title: `crossover: ${answer}`,
    eyebrow: `crossover · catalogue · profile ${catalogue.profile} · ${catalogue.startedAt}`,
    answer,
    partial: partialText('catalogue', catalogue),
    marked: null,
    further: [MEANING, hasPictures ? HOW_TO_READ : null],
    question: null,
  }
}

const NO_THEME = 'other questions'

/** In the order of the themes, then of the first scenario of each. */
function themeSections(entries: readonly CatalogueEntry[]): readonly TitledBlocks[] {
  const byTheme = Map.groupBy(entries, ({ theme }) => theme ?? NO_THEME)
  const own = [...byTheme.keys()].filter((theme) => !THEMES.includes(theme) && theme !== NO_THEME)
  const all = entries.flatMap(({ figures }) => (figures === null ? [] : ratiosOf(figures)))
  const axis = advantageAxis([
    // Where nothing was measured.
    SMALLEST_RATIO,
    ...all.flatMap(({ metric, ratio: { value, lower, upper } }) =>
      [value, lower, upper].map((each) => advantage(metric, each)),
    ),
  ])
  return [...THEMES, ...own, NO_THEME].flatMap((theme, index) => {
    const ofTheme = byTheme.get(theme) ?? []
    if (ofTheme.length === 0) return []
    return [
      {
        id: `theme-${index}`,
        link: theme,
        title: theme.charAt(0).toUpperCase() + theme.slice(1),
        blocks: [
          forestBlock(ofTheme, axis, `forest-${index}`),
          {
            kind: 'records' as const,
            caption: 'Ratios are second arm ÷ first arm.',
            columns: ['scenario', 'question and claim', 'who wins', 'ratios', 'outcome'],
            rows: ofTheme.map(recordRow),
          },
        ],
      },
    ]
  })
}

interface NamedRatio {
  readonly name: string
  readonly metric: ComparisonName
  readonly ratio: Estimate
}

/** The one that the verdict is about first. */
function ratiosOf(figures: CatalogueFigures): NamedRatio[] {
  const { load, metric, requestClass, ratio, p99, p50, capacity } = figures
  const named = (
    name: string,
    of: ComparisonName,
    estimate: Estimate | null,
  ): readonly NamedRatio[] => (estimate === null ? [] : [{ name, metric: of, ratio: estimate }])
  return [
    ...named(`${ofClass(metric, requestClass).label} at ${load}`, metric, ratio),
    ...(metric === 'p99'
      ? []
      : named(`${ofClass('p99', requestClass).label} at ${load}`, 'p99', p99)),
    ...(metric === 'p50'
      ? []
      : named(`${ofClass('p50', requestClass).label} at ${load}`, 'p50', p50)),
    ...named('sustained load', 'achievedPerSecond', capacity),
  ]
}

/** Null when none of them has a ratio. */
function forestBlock(
  entries: readonly CatalogueEntry[],
  axis: LogAxis,
  elementId: string,
): ChartBlock | null {
  const measured = entries.flatMap(({ name, figures }) =>
    figures === null || ratiosOf(figures).length === 0 ? [] : [{ name, figures }],
  )
  if (measured.length === 0) return null
  const data: Forest = {
    elementId,
    rows: measured.map(({ name, figures }) => forestRow(name, figures, axis)),
    ticks: axis.ticks,
    equal: axis.place(1),
    rowHeight: 64,
  }
  const nameOf = (side: 'first' | 'second'): string => {
    const [label, ...others] = new Set(measured.map(({ figures }) => figures[side]))
    return others.length === 0 ? label! : `the ${side} arm`
  }
  return forestChart(data, [nameOf('first'), nameOf('second')], null)
}

const SYMBOLS: Readonly<Partial<Record<ComparisonName, 'rect' | 'triangle'>>> = {
  p50: 'rect',
  achievedPerSecond: 'triangle',
}

function forestRow(name: string, figures: CatalogueFigures, axis: LogAxis): ForestRow {
  const { first, second, winner, ratio, threshold } = figures
  const texts = ratiosOf(figures).map(
    (each) => `${second} ÷ ${first}, ${each.name}: ${formatEstimate(each.ratio, RATIO)}`,
  )
  const dots = ratiosOf(figures)
    .map((each, index) => ({ ...each, text: texts[index]! }))
    .slice(ratio === null ? 0 : 1)
  const side = [first, second].indexOf(winner ?? '')
  return {
    label: name,
    span: ratio && placedRatio(figures.metric, ratio, axis),
    text: `${winnerText(figures)}; ${ratio === null ? 'no ratio' : texts[0]!}`,
    winner: side === 0 || side === 1 ? side : null,
    zone: [axis.place(1 / threshold), axis.place(threshold)],
    dots: dots.map(({ metric, ratio: estimate, text }) => {
      const [place, from, to] = placedRatio(metric, estimate, axis)
      const symbol = SYMBOLS[metric]
      return { place, text, isDoubtful: false, span: [from, to], ...(symbol && { symbol }) }
    }),
  }
}

/** Who wins, in few words: `sharded wins at 50%`. */
function winnerText({ winner, load }: CatalogueFigures): string {
  if (winner === null) return `no verdict at ${load}`
  if (winner === 'none') return `no difference that matters at ${load}`
  return winner === 'inconclusive' ? `inconclusive at ${load}` : `${winner} wins at ${load}`
}

/** Folder names are made of letters, digits, `.`, `_` and `-`. */
function recordRow(entry: CatalogueEntry): RecordRow {
  const { name, folder, question, claim, prediction, headline, figures, notices, failure } = entry
  const code = claim === null ? '' : ` (${claim})`
  const cure = failure?.cure == null ? '' : ` Cure: ${failure.cure}.`
  return {
    scenarios: [name],
    cells: [
      { text: name, ...(folder !== null && { address: `${folder}/report.html` }) },
      {
        text: question,
        besides:
          prediction === null ? [code.trim()] : [`Claim${code}: ${predictionText(prediction)}.`],
      },
      {
        // The headline says why there is none.
        text: figures?.winner == null ? null : winnerText(figures),
        besides: headline === null ? [] : [headline],
        alarms: [...notices, ...(failure === null ? [] : [`failed: ${failure.message}.${cure}`])],
      },
      {
        figures: figures
          ? ratiosOf(figures).map((each): Entry => [each.name, formatEstimate(each.ratio, RATIO)])
          : [],
      },
      entry.state === 'sound' ? outcomeCell(entry) : { alarms: [STATES[entry.state]] },
    ],
  }
}

function outcomeCell({ outcome, outcomeText }: CatalogueEntry): RecordCell {
  const word = outcomeWord(outcome)
  return outcome === null
    ? { text: outcomeText ?? word }
    : { text: word, besides: [outcomeText ?? ''] }
}

function repeatSection({ command, seed, elapsedSeconds, environment }: Catalogue): TitledBlocks {
  const entries: readonly Entry[] = [
    ['seed', String(seed)],
    ['took', formatSeconds(elapsedSeconds)],
  ]
  const machine: readonly Entry[] =
    environment === null
      ? []
      : [
          [
            'machine',
            `${environment.cpu}, ${environment.cores} cores, kernel ${environment.kernel}`,
          ],
          ['node', `${environment.node}, crossover ${environment.crossover}`],
        ]
  return {
    title: 'Run it again',
    blocks: [
      { kind: 'code', text: command },
      { kind: 'terms', entries: [...entries, ...machine] },
    ],
  }
}
