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
import { html, plainDocument } from './page/document.ts'
import { FILTER_SCRIPT, filterMarkup, type RowChoice } from './page/filter.ts'
import type { Strip } from './page/strip.ts'
import { OVERVIEW_STYLE } from './page/style.ts'
import { middleLoad, predictionText } from './report/notices.ts'
import { judgedRatio } from './report/ratios.ts'
import { advantage, advantageAxis, betterWord, placedRatio, sayingOf } from './view/forest.ts'
import { partialText } from './view/measured.ts'
import { contents, headMarkup, sectionMarkup } from './view/page.ts'
import type { RecordCell, RecordRow } from './view/records.ts'
import type { Entry, Head, TitledBlocks } from './view/view.ts'

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
 * A catalogue as one page without a library: by theme a row for each scenario with its ratios as a picture and in words, and what
 * became of its claim; rows can be chosen by outcome and verdict, and ordered. About 4 kB for each scenario.
 */
export function renderCataloguePage(catalogue: Catalogue): string {
  const { scenarios } = catalogue
  const sections = [...themeSections(scenarios), repeatSection(catalogue)]
  const head = catalogueHead(catalogue)
  const chosen = scenarios.map((entry) => choiceOfEntry(entry).filter)
  const values = (name: string): readonly string[] =>
    [...new Set(chosen.flatMap((filter) => filter[name] ?? []))].toSorted()
  const filters = [
    { name: 'outcome', label: 'Claim', values: values('outcome') },
    { name: 'verdict', label: 'Verdict', values: values('verdict') },
  ]
  return plainDocument({
    title: head.title,
    style: OVERVIEW_STYLE,
    scripts: [FILTER_SCRIPT],
    body: html`${headMarkup(head)} ${filterMarkup(filters, ORDERS)} ${contents(sections)}
    ${sections.map(sectionMarkup)}`,
  })
}

const ORDERS = [
  ['name', 'by name'],
  ['p99', 'p99, best for the second arm first'],
  ['p50', 'p50, best for the second arm first'],
  ['capacity', 'capacity, best for the second arm first'],
  ['outcome', 'by outcome'],
] as const

function choiceOfEntry(entry: CatalogueEntry): RowChoice {
  const { name, figures } = entry
  const outcome = entry.state === 'sound' ? outcomeWord(entry.outcome) : STATES[entry.state]
  const valueOf = (metric: ComparisonName): number | null =>
    (figures && ratioFor(figures, metric)?.ratio.value) ?? null
  const capacity = valueOf('achievedPerSecond')
  return {
    filter: { outcome, verdict: figures === null ? 'no verdict' : verdictWord(figures) },
    order: {
      name,
      outcome,
      p99: valueOf('p99'),
      p50: valueOf('p50'),
      // More is better.
      capacity: capacity === null ? null : -capacity,
    },
  }
}

const HOW_TO_READ =
  'A row is a scenario, which asks one question of both architectures, at the middle one of its loads. Its picture has from top to bottom p99, median (p50) and capacity with their intervals: at the left the first is better, at the right the second; inside the grey zone a difference is too small to matter. Hollow, or “?”: not sure. Claims were written down before anything was measured.'

function catalogueHead(catalogue: Catalogue): Head {
  const { profile, startedAt, scenarios } = catalogue
  const answer = catalogueSentence(catalogue)
  return {
    title: `crossover: ${answer}`,
    eyebrow: `crossover · catalogue · profile ${profile} · ${startedAt.slice(0, 16).replace('T', ' ')} UTC`,
    answer,
    partial: partialText('catalogue', catalogue),
    marked: null,
    alarms: commonNotices(scenarios),
    further: [scenarios.some(({ figures }) => figures !== null) ? HOW_TO_READ : null],
    question: null,
  }
}

/** What must be known of every scenario that was measured, said once. */
function commonNotices(entries: readonly CatalogueEntry[]): readonly string[] {
  const measured = entries.filter(({ figures }) => figures !== null)
  const [first] = measured
  if (first === undefined || measured.length < 2) return []
  return first.notices.filter((notice) => measured.every(({ notices }) => notices.includes(notice)))
}

const NO_THEME = 'other questions'

/** In the order of the themes, then of the first scenario of each. */
function themeSections(entries: readonly CatalogueEntry[]): readonly TitledBlocks[] {
  const byTheme = Map.groupBy(entries, ({ theme }) => theme ?? NO_THEME)
  const own = [...byTheme.keys()].filter((theme) => !THEMES.includes(theme) && theme !== NO_THEME)
  const common = commonNotices(entries)
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
          {
            kind: 'records' as const,
            caption: sidesText(ofTheme),
            columns: ['scenario', 'who is better', 'p99', 'p50', 'capacity', 'claim'],
            rows: ofTheme.map((entry) => recordRow(entry, axis, common)),
          },
        ],
      },
    ]
  })
}

/** `◂ staged is better · sharded is better ▸` */
function sidesText(entries: readonly CatalogueEntry[]): string {
  const nameOf = (side: 'first' | 'second'): string => {
    const labels = new Set(entries.flatMap(({ figures }) => (figures ? [figures[side]] : [])))
    const [label, ...others] = labels
    return label === undefined || others.length > 0 ? `the ${side} arm` : label
  }
  return `◂ ${nameOf('first')} is better · ${nameOf('second')} is better ▸`
}

interface NamedRatio {
  readonly name: string
  readonly metric: ComparisonName
  readonly ratio: Estimate
}

/** In the order of the columns; before them what the verdict is about, where that is none of them. */
function ratiosOf(figures: CatalogueFigures): readonly NamedRatio[] {
  const { load, metric, requestClass, ratio, p99, p50, capacity } = figures
  const latencies = [
    ['p99', metric === 'p99' ? ratio : p99],
    ['p50', metric === 'p50' ? ratio : p50],
  ] as const
  const judged = metric === 'p99' || metric === 'p50' ? [] : [[metric, ratio] as const]
  return [
    ...[...judged, ...latencies].flatMap(([of, estimate]) => {
      const name = `${ofClass(of, requestClass).label} at ${load}`
      return estimate === null ? [] : [{ name, metric: of, ratio: estimate }]
    }),
    ...(capacity === null
      ? []
      : [{ name: 'capacity', metric: 'achievedPerSecond' as const, ratio: capacity }]),
  ]
}

/** Of capacity where that is what the load served is compared by. */
function ratioFor(figures: CatalogueFigures, metric: ComparisonName): NamedRatio | undefined {
  return ratiosOf(figures).findLast((each) => each.metric === metric)
}

/** The one that surely is better: the verdict's winner, or beside the verdict whom the whole interval is of. */
function surelyBetter(figures: CatalogueFigures, { metric, ratio }: NamedRatio): string | null {
  const { first, second, winner } = figures
  if (ratio === figures.ratio) return winner === first || winner === second ? winner : null
  if (ratio.n <= 1) return null
  const ends = [advantage(metric, ratio.lower), advantage(metric, ratio.upper)]
  if (Math.min(...ends) > SMALLEST_RATIO) return second
  return Math.max(...ends) < 1 / SMALLEST_RATIO ? first : null
}

function stripOf(figures: CatalogueFigures, axis: LogAxis): Strip | null {
  const { first, second, threshold } = figures
  const ratios = ratiosOf(figures)
  if (ratios.length === 0) return null
  const texts = ratios.map(({ name, ratio }) => `${name}: ${formatEstimate(ratio, RATIO)}`)
  return {
    ticks: axis.ticks,
    equal: axis.place(1),
    zone: [axis.place(1 / threshold), axis.place(threshold)],
    marks: ratios.map((each, index) => {
      const better = surelyBetter(figures, each)
      return {
        span: placedRatio(each.metric, each.ratio, axis),
        sign: better === null ? 'open' : better === first ? 'first' : 'second',
        text: texts[index]!,
      }
    }),
    description: `${second} ÷ ${first}. ${texts.join('. ')}.`,
  }
}

/** `sharded 5.9× faster`, its interval below it; with a question mark where that is not sure. */
function ratioCell(figures: CatalogueFigures | null, metric: ComparisonName): RecordCell {
  const own = figures === null ? undefined : ratioFor(figures, metric)
  if (figures === null || own === undefined) return {}
  const { arm, times, interval } = sayingOf([figures.first, figures.second], metric, own.ratio)
  const mark = surelyBetter(figures, own) === null ? '?' : ''
  return {
    text: [arm, times, `${betterWord(metric)}${mark}`].filter((part) => part !== '').join(' '),
    besides: own.ratio.n <= 1 ? [] : [interval],
  }
}

function verdictWord({ first, second, winner }: CatalogueFigures): string {
  if (winner === null) return 'no verdict'
  if (winner === 'none') return 'no difference that matters'
  return winner === first || winner === second ? `${winner} wins` : 'undecided'
}

/** Folder names are made of letters, digits, `.`, `_` and `-`. */
function recordRow(entry: CatalogueEntry, axis: LogAxis, common: readonly string[]): RecordRow {
  const { name, folder, question, claim, prediction, headline, figures, notices, failure } = entry
  const cure = failure?.cure == null ? '' : ` Cure: ${failure.cure}.`
  const strip = figures && stripOf(figures, axis)
  const own = notices.filter((notice) => !common.includes(notice))
  const choice = choiceOfEntry(entry)
  const told = [
    prediction && `Predicted before measuring: ${predictionText(prediction)}.`,
    entry.outcomeText && `Outcome: ${entry.outcomeText}.`,
    headline,
    claim && `Claim ${claim}: in words, and what confirms it, in scenarios/CLAIMS.md.`,
  ].filter((text) => text !== null)
  return {
    scenarios: [name],
    choice,
    cells: [
      {
        text: name,
        ...(folder !== null && { address: `${folder}/report.html` }),
        besides: [question ?? ''],
      },
      strip === null ? {} : { strip },
      ratioCell(figures, 'p99'),
      ratioCell(figures, 'p50'),
      ratioCell(figures, 'achievedPerSecond'),
      {
        text: choice.filter['outcome'] ?? null,
        alarms: [...own, ...(failure === null ? [] : [`failed: ${failure.message}.${cure}`])],
        ...(told.length > 0 && { folded: { summary: 'the claim', texts: told } }),
      },
    ],
  }
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
