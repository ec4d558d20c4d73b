import { armLabels, type PairLoad } from '../../results/compared-pair.ts'
import type { ComparisonName, Report } from '../../results/schema.ts'
import { SMALLEST_RATIO } from '../../stats/verdict.ts'
import { counted, formatQuantity, formatShare, formatSpan, PER_SECOND } from '../../words/format.ts'
import { metricOf, ofClass } from '../../words/metrics.ts'
import { spaced } from '../../words/verdict.ts'
import { betterWord, type Forest, sayingOf } from '../view/forest.ts'
import { type Head, textIf, type Tile } from '../view/view.ts'
import { armBlock, reportHead } from './answer.ts'
import { voidTrials } from './findings.ts'
import { middleLoad, predictedWinner, predictionOutcome } from './notices.ts'
import { loadName, metricText, type SectionsOf, soundTrials, type Subject } from './pair-figures.ts'
import { curvesOf, tabsBlock } from './percentiles.ts'
import { packedReport } from './provenance.ts'
import { judgedRatio, judgedRatios, type JudgedRatio, ratioChart } from './ratios.ts'

/*
 * The first screen of a page: what was found, in two lines, four tiles and two pictures. Everything else of the report stands below
 * and says the same in full.
 */

const CAPACITY = 'capacity'

/** Of the section that a page has above its links. */
export const OVERVIEW = 'overview'

/** Above it: the answer in two lines, in words that people use, under what was measured where, when and for how long. */
export function overviewHead(subject: Subject): Head {
  const { report, pair } = subject
  const { scenario, run, environment } = report
  const head = reportHead(report, pair)
  return {
    ...head,
    eyebrow: [
      scenario.name,
      `${run.startedAt.slice(0, 16).replace('T', ' ')} UTC`,
      `${environment.cpu}, ${counted(run.cpus.length, 'processor')}`,
      formatSpan(run.elapsedSeconds),
    ].join(' · '),
    answer: plainAnswer(subject) ?? head.answer,
    further: [alsoSure(subject)],
  }
}

/** What a reader asks first, without scrolling on a screen of 1280 × 900. */
export const overviewSections: SectionsOf = (subject) => {
  const { report, pair } = subject
  const rows = overviewRatios(subject)
  const forest = ratioChart(pair, 'ratios', false, (data) => pictureNote(subject, data), rows)
  const curves = pair.loads.flatMap((load, index) => {
    const chart = curvesOf(pair, load, `percentiles-${index}`)
    return chart === null ? [] : [{ label: loadName(load), blocks: [chart] }]
  })
  const tabs = curves.length === 0 ? null : tabsBlock('curves', curves, pair)
  const columns = [forest, tabs].flatMap((block) => (block === null ? [] : [[block]]))
  return [
    {
      id: OVERVIEW,
      title: null,
      blocks: [
        { kind: 'tiles', tiles: tilesOf(subject, rows) },
        columns.length === 0 ? null : { kind: 'beside', columns },
        armBlock(report),
        textIf(predictionLine(report)),
        {
          kind: 'download',
          files: [packedReport(report), { file: 'report.md', text: 'report.md', base64: null }],
          links: [{ text: 'Run it again', id: 'repeat' }],
        },
      ],
    },
  ]
}

/** Prediction and outcome in one line; null without one. */
function predictionLine(report: Report): string | null {
  const { prediction } = report.scenario
  const outcome = predictionOutcome(report)
  return prediction === null || outcome === null
    ? null
    : `Predicted before measuring: ${predictedWinner(prediction)}, because ${prediction.because}. Outcome: ${outcome}.`
}

/** What is judged, the median of every load, and what the arms sustain; each with its load in requests per second. */
function overviewRatios({ report, pair }: Subject): readonly JudgedRatio[] {
  const judged = judgedRatios(pair).map((row) =>
    row.load === null
      ? row
      : {
          ...row,
          subject: `${ofClass(row.metric, pair.run.requestClass).label} at ${loadName(row.load)}`,
        },
  )
  const medians = pair.loads.flatMap((load, index) => {
    if (metricOf(pair, load) === 'p50') return []
    const ratio = load.comparison?.p50 ?? null
    return ratio === null || load.offeredPerSecond === null
      ? []
      : [medianRatio(report, load, index)]
  })
  const sustained = sustainedRatio(report, pair)
  return [...judged, ...medians, ...(sustained === null ? [] : [sustained])]
}

/** Beside the judged metric nobody wins on the median unless that is sure with 99 %. */
function medianRatio(report: Report, load: PairLoad, index: number): JudgedRatio {
  const sure = report.loads[index]?.comparisons[0]?.sure.find(({ metric }) => metric === 'p50')
  const ratio = sure?.ratio ?? load.comparison?.p50 ?? null
  const compared = report.comparisons[0]
  return {
    subject: `${ofClass('p50', report.run.requestClass).label} at ${loadName(load)}`,
    load,
    metric: 'p50',
    ratio,
    winner:
      sure === undefined || compared === undefined
        ? null
        : sure.ratio.value < 1
          ? compared.second
          : compared.first,
    threshold: SMALLEST_RATIO,
  }
}

/** Null where no two arms' capacities are known. */
function sustainedRatio(
  { capacity, comparisons }: Report,
  pair: Subject['pair'],
): JudgedRatio | null {
  const ratio = capacity?.sustainedRatios[0] ?? null
  const [compared] = comparisons
  if (ratio === null || compared === undefined) return null
  const [first, second] = armLabels(pair)
  const isInterval = ratio.level !== null && ratio.n > 1
  const winner =
    ratio.lower > SMALLEST_RATIO ? second : ratio.upper < 1 / SMALLEST_RATIO ? first : null
  return {
    subject: CAPACITY,
    load: null,
    metric: 'achievedPerSecond',
    ratio,
    winner: isInterval ? winner : null,
    threshold: SMALLEST_RATIO,
  }
}

function tilesOf(subject: Subject, rows: readonly JudgedRatio[]): readonly Tile[] {
  const { pair } = subject
  const load = middleLoad(pair)
  const judged = load === undefined ? undefined : judgedRatio(pair, load)
  const ofLoad = (metric: ComparisonName) =>
    rows.find((row) => row.load === load && row.load !== null && row.metric === metric)
  const median = judged?.metric === 'p50' ? undefined : ofLoad('p50')
  const capacity = rows.find(({ subject: of }) => of === CAPACITY)
  const own = judged && ofLoad(judged.metric)
  return [
    ...[own, median, capacity].flatMap((row) => (row === undefined ? [] : [tileOf(subject, row)])),
    trustTile(subject),
  ]
}

function tileOf({ pair, report }: Subject, row: JudgedRatio): Tile {
  const labels = armLabels(pair)
  const { metric, ratio, winner, load, subject } = row
  const isDecided = winner !== null && labels.includes(winner)
  // Of a figure that no verdict is about, whose interval is on one side.
  const isClear =
    winner === null &&
    ratio !== null &&
    ratio.n > 1 &&
    (ratio.lower > SMALLEST_RATIO || ratio.upper < 1 / SMALLEST_RATIO)
  const saying = ratio === null ? null : sayingOf(labels, metric, ratio)
  const figures =
    load === null
      ? labels.map((label) => {
          const sustained = report.capacity?.sustained[label]
          return sustained === undefined ? '' : formatQuantity(sustained.value, PER_SECOND)
        })
      : soundTrials(pair, load).map((trials) => metricText(trials, metric))
  const level =
    ratio === null || ratio.level === null ? 'range' : `${formatShare(ratio.level)} sure`
  return {
    subject,
    saying:
      saying === null
        ? 'not compared'
        : isDecided
          ? `${saying.arm} ${saying.times} ${betterWord(metric)}`.replace('  ', ' ')
          : winner === 'none'
            ? 'no difference that matters'
            : `${saying.arm} ${saying.times} ${betterWord(metric)}${isClear ? '' : '?'}`.replace(
                '  ',
                ' ',
              ),
    ...(isDecided && { arm: winner === labels[0] ? ('first' as const) : ('second' as const) }),
    isOpen: !isDecided,
    lines: [
      labels.map((label, index) => `${label} ${figures[index]}`).join(' · '),
      saying === null || ratio === null || ratio.n <= 1 ? '' : `${saying.interval}, ${level}`,
      isDecided || winner === 'none' || saying === null
        ? ''
        : isClear
          ? 'seen beside the verdicts, not judged'
          : 'undecided',
    ],
  }
}

/** How far the numbers can be believed. */
function trustTile({ report }: Subject): Tile {
  const trials = report.loads.flatMap(({ sets }) =>
    sets.flatMap((set) => Object.values(set.trials)),
  )
  const failed = trials.filter(({ gates }) => gates.some(({ passed }) => !passed)).length
  const wrong = voidTrials(report).length
  const { band, warnings } = report
  const isDoubted = failed > 0 || !report.complete
  return {
    subject: 'trust',
    saying:
      wrong > 0
        ? 'none: wrong answers'
        : trials.length === 0
          ? 'nothing to trust'
          : isDoubted
            ? `${failed} of ${counted(trials.length, 'trial')} doubtful`
            : 'all checks passed',
    isOpen: wrong > 0 || isDoubted,
    lines: [
      trials.length === 0
        ? ''
        : `${trials.length - failed} of ${trials.length} trials passed every check`,
      band === null
        ? 'the machine’s own noise was not measured'
        : 'judged beyond the machine’s own noise',
      warnings.length === 0 ? '' : counted(warnings.length, 'warning'),
    ],
  }
}

/** What its signs mean, for a reader who has never heard of percentiles; only those that are in it. */
function pictureNote({ pair }: Subject, { rows }: Forest): string {
  const winners = rows.flatMap(({ span, winner }) => (span === null ? [] : [winner]))
  const [isOpen, isDecided] = [winners.includes(null), winners.some((winner) => winner !== null)]
  const signs =
    isOpen && isDecided
      ? 'Filled: that one wins; hollow: undecided, or not judged.'
      : isOpen
        ? 'Hollow: undecided, or not judged.'
        : 'Points have the winner’s colour.'
  return `${signs} Lines are confidence intervals (${formatShare(pair.run.level)} for a winner); in the grey zone a difference is too small to matter. p99: 99% of requests were answered within it.`
}

/** The second line of the answer; null where nothing is sure beside the first one. */
function alsoSure(subject: Subject): string | null {
  const { pair } = subject
  const labels = armLabels(pair)
  const rows = overviewRatios(subject).filter(({ winner }) => labels.includes(winner ?? ''))
  const capacity = rows.filter(({ subject: of }) => of === CAPACITY)
  const medians = rows.filter(
    ({ metric, load }) => metric === 'p50' && load !== null && metricOf(pair, load) !== 'p50',
  )
  const texts = [
    ...wonBy(labels, medians).map(([arm, won]) => `${arm}’s median is ${won}`),
    ...capacity.map((row) => {
      const { arm, times } = sayingOf(labels, row.metric, row.ratio!)
      return `${arm}’s capacity is ${times} higher`
    }),
  ]
  return texts.length === 0 ? null : `Also sure: ${texts.join('; ')}.`
}

/** `310× faster at 20 %, 95× at 50 %`, by the arm that wins there. */
function wonBy(
  labels: readonly [string, string],
  rows: readonly JudgedRatio[],
): readonly (readonly [arm: string, text: string])[] {
  return labels.flatMap((label) => {
    const won = rows.filter(({ winner }) => winner === label)
    const texts = won.map(({ metric, ratio, load }, index) => {
      const times = ratio === null ? '' : sayingOf(labels, metric, ratio).times
      const word = index === 0 ? betterWord(metric) : ''
      return [times, word, `at ${spaced(load?.label ?? '')}`]
        .filter((part) => part !== '')
        .join(' ')
    })
    return texts.length === 0 ? [] : [[label, texts.join(', ')] as const]
  })
}

/** The answer in one line, in words that people use. */
function plainAnswer({ report, pair }: Subject): string | null {
  const judged = pair.loads
    .map((load) => judgedRatio(pair, load))
    .filter(({ ratio, winner }) => ratio !== null && winner !== null)
  const [one] = judged
  if (
    report.objective !== null ||
    one === undefined ||
    judged.some(({ metric }) => metric !== one.metric)
  )
    return null
  const labels = armLabels(pair)
  const at = ({ load }: JudgedRatio): string => spaced(load?.label ?? '')
  const wins = wonBy(labels, judged).map(([arm, won]) => `${arm} is ${won}`)
  const others = [
    ['none', 'no difference that matters'],
    ['inconclusive', 'undecided'],
  ].flatMap(([winner, text]) => {
    const loads = judged.filter((row) => row.winner === winner).map(at)
    return loads.length === 0 ? [] : [`${text} at ${loads.join(', ')}`]
  })
  const { requestClass } = report.run
  const about =
    one.metric === 'p99' && requestClass === null
      ? 'Tail latency (p99)'
      : ofClass(one.metric, requestClass).label
  return `${about.charAt(0).toUpperCase()}${about.slice(1)}: ${[...wins, ...others].join('; ')}.`
}
