import type { Calibration } from '../results/calibration.ts'
import { type PairReport, pairReport } from '../results/compared-pair.ts'
import { conditionsOf } from '../results/compare-conditions.ts'
import type { Measurement } from '../results/index-measurement.ts'
import type { IndexSource } from '../results/index-sources.ts'
import type { Objective, Report } from '../results/schema.ts'
import { SMALLEST_RATIO } from '../stats/verdict.ts'
import { ablationSentence, incompleteText } from './ablation-sentence.ts'
import { armLabels } from './arm-labels.ts'
import { catalogueSentence } from './catalogue.ts'
import { crossingSentence, incompleteCrossingText } from './crossing-sentence.ts'
import { incompleteNotice } from './findings.ts'
import { headline } from './headline.ts'
import { type IndexRatio, instantOf, type ReadRow, type RowMachine } from './index-row.ts'
import { metricOf } from './judged-metric.ts'
import { METRIC_LABELS } from './metric-label.ts'
import { notices } from './notices.ts'
import { objectiveTitle } from './objective-rows.ts'
import { incompleteSweepText, sweepSentence } from './sweep-sentence.ts'
import { overallSentence } from './validation.ts'

type Shown = Omit<ReadRow, 'state' | 'kind' | 'file' | 'page'>

/** The row of a measurement: keeps nothing of it but what an index shows. */
export function readRow({ kind, file, page }: IndexSource, measurement: Measurement): ReadRow {
  return { state: 'read', kind, file, page, ...shownOf(measurement) }
}

function shownOf(measurement: Measurement): Shown {
  switch (measurement.kind) {
    case 'run':
      return runRow(measurement.content)
    case 'catalogue': {
      const { content } = measurement
      return {
        ...NOTHING,
        startedAt: instantOf(content.startedAt),
        scenarios: content.scenarios.map(({ name }) => name),
        profile: content.profile,
        sentence: catalogueSentence(content),
        notices: endingNotices('catalogue', content),
        machine: content.environment && machineOf(content.environment),
      }
    }
    case 'sweep':
      return pointsRow(measurement.content, sweepSentence, incompleteSweepText)
    case 'search':
      return pointsRow(measurement.content, crossingSentence, incompleteCrossingText)
    case 'ablation':
      return pointsRow(measurement.content, ablationSentence, incompleteText)
    case 'calibration':
      return machineRow(measurement.content, 'calibration', calibrationSentence)
    case 'validation':
      return machineRow(measurement.content, 'validation', overallSentence)
  }
}

const NOTHING = {
  profile: null,
  arms: [],
  notices: [],
  ratios: [],
  machine: null,
  warnings: null,
  conditions: null,
} as const

/** Of its first comparison: what was found beside it is on the run's own page. */
function runRow(report: Report): Shown {
  const pair = pairReport(report)
  const incomplete = incompleteNotice(report)
  return {
    startedAt: instantOf(report.run.startedAt),
    scenarios: [report.scenario.name],
    profile: report.run.profile,
    arms: pair.arms.map(({ label }) => label),
    sentence: headline(pair),
    notices: [...notices(report), ...(incomplete === null ? [] : [incomplete])],
    ratios: ratiosOf(pair),
    machine: machineOf(report.environment),
    warnings: report.warnings.length,
    conditions: conditionsOf(report),
  }
}

/** What sweeps, searches and ablations have in common. */
interface PointsContent {
  readonly run: { readonly startedAt: string }
  readonly scenario: { readonly name: string }
  readonly arms: readonly { readonly label: string }[]
  readonly environment: Report['environment']
  readonly warnings: readonly unknown[]
}

function pointsRow<Content extends PointsContent>(
  content: Content,
  sentenceOf: (content: Content) => string,
  incompleteOf: (content: Content) => string | null,
): Shown {
  const incomplete = incompleteOf(content)
  return {
    ...NOTHING,
    startedAt: instantOf(content.run.startedAt),
    scenarios: [content.scenario.name],
    arms: content.arms.map(({ label }) => label),
    sentence: sentenceOf(content),
    notices: incomplete === null ? [] : [incomplete],
    machine: machineOf(content.environment),
    warnings: content.warnings.length,
  }
}

/** What calibrations and validations have in common. */
interface MachineContent {
  readonly startedAt: string
  readonly complete: boolean
  readonly environment: Report['environment']
  readonly warnings: readonly unknown[]
}

function machineRow<Content extends MachineContent>(
  content: Content,
  what: string,
  sentenceOf: (content: Content) => string,
): Shown {
  return {
    ...NOTHING,
    startedAt: instantOf(content.startedAt),
    scenarios: [],
    sentence: sentenceOf(content),
    notices: endingNotices(what, { ...content, ending: 'it did not come to its end' }),
    machine: machineOf(content.environment),
    warnings: content.warnings.length,
  }
}

function endingNotices(
  what: string,
  { complete, ending }: { readonly complete: boolean; readonly ending: string | null },
): readonly string[] {
  if (complete) return []
  return [
    ending === null
      ? `This ${what} is not finished: what follows may change.`
      : `This ${what} is incomplete: ${ending}.`,
  ]
}

function calibrationSentence({ rows, claims }: Calibration): string {
  const measured = rows.filter(({ median }) => median !== null).length
  const said = claims.map(({ id, statement, verdict }) => ` ${id}, ${statement}: ${verdict}.`)
  return `${measured} of ${rows.length} building blocks were measured.${said.join('')}`
}

/** A copy: the rest of an environment is not kept. */
function machineOf({
  cpu,
  cores,
  memoryBytes,
  platform,
  kernel,
}: Report['environment']): RowMachine {
  return { cpu, cores, memoryBytes, platform, kernel }
}

function ratiosOf(report: PairReport): readonly IndexRatio[] {
  const loads = report.loads.map((load) => {
    const metric = metricOf(report, load)
    return {
      subject: `${load.label}: ${METRIC_LABELS[metric]}`,
      load: load.label,
      metric,
      ratio: load.verdict?.ratio ?? load.comparison?.[metric] ?? null,
      winner: load.verdict?.winner ?? null,
    }
  })
  return report.objective === null ? loads : [objectiveRatio(report, report.objective), ...loads]
}

/** Of loads, the larger the better; there is no verdict, so the bound of every winner decides. */
function objectiveRatio(report: PairReport, objective: Objective): IndexRatio {
  const { ratio } = objective
  const [first, second] = armLabels(report)
  const isEstimated = ratio !== null && ratio.n > 1
  const winner = !isEstimated
    ? null
    : ratio.lower > SMALLEST_RATIO
      ? second
      : ratio.upper < 1 / SMALLEST_RATIO
        ? first
        : 'inconclusive'
  return {
    subject: objectiveTitle(objective),
    load: null,
    metric: 'achievedPerSecond',
    ratio,
    winner,
  }
}
