import { usageError } from '../../harness/base/errors.ts'
import { ablationView } from '../../harness/render/ablate/view.ts'
import { calibrationView } from '../../harness/render/calibrate.ts'
import { crossingView } from '../../harness/render/find/view.ts'
import {
  type IndexRow,
  readRow,
  type ReadRow,
  sortedRows,
  unreadableRow,
} from '../../harness/render/history/rows.ts'
import { sweepView } from '../../harness/render/sweep/view.ts'
import { validationView } from '../../harness/render/validate.ts'
import type { Told } from '../../harness/render/view/view.ts'
import type { Measurement } from '../../harness/results/history.ts'
import type { Estimate } from '../../harness/results/schema.ts'
import { sampleAblation } from './sample-ablation.ts'
import { sampleCalibration } from './sample-calibration.ts'
import { sampleCatalogue } from './sample-catalogue.ts'
import { sampleCrossing } from './sample-crossing.ts'
import { objectiveReport, sampleReport, troubledReport } from './sample-report.ts'
import { sampleSweep } from './sample-sweep.ts'
import { sampleValidation } from './sample-validation.ts'

/** What differs in a run of the index; the rest is that of the sample. */
export interface RunChanges {
  readonly scenario?: string
  readonly params?: Readonly<Record<string, string | number>>
  readonly arms?: readonly [string, string]
  readonly cpu?: string
  readonly durationSeconds?: number
  /** Factor of every ratio and its bounds. */
  readonly factor?: number
}

/** A start so many days after that of the sample. */
export function startAfter(days: number): string {
  return new Date(Date.parse('2026-11-22T19:53:58.000Z') + days * 86_400_000).toISOString()
}

function rowOf(
  measurement: Measurement,
  name: string,
  files: readonly [string, string | null],
): ReadRow {
  const folder = `reports/2026-11-22T19-53-58Z-${name}`
  const [figures, page] = files
  return readRow(
    {
      kind: measurement.kind,
      file: `${folder}/${figures}`,
      page: page === null ? null : `${folder}/${page}`,
    },
    measurement,
    toldOf(measurement),
  )
}

/** Of kinds without a row of another make. */
const VIEWS: Readonly<Record<string, (content: never) => Told>> = {
  sweep: sweepView,
  search: crossingView,
  ablation: ablationView,
  calibration: calibrationView,
  validation: validationView,
}

function toldOf({ kind, content }: Measurement): Told | null {
  return VIEWS[kind]?.(content as never) ?? null
}

const base = rowOf({ kind: 'run', content: sampleReport() }, 'kv-update', [
  'report.json',
  'report.html',
])

/** A run so many days after the sample. */
export function runAfter(days: number, changes: RunChanges = {}): ReadRow {
  const { scenario = 'kv-update', params, arms, cpu, durationSeconds, factor = 1 } = changes
  const startedAt = startAfter(days)
  const folder = `reports/${startedAt.slice(0, 19).replaceAll(':', '-')}Z-${encodeURIComponent(scenario)}`
  const conditions = base.conditions!
  const scaled = (estimate: Estimate): Estimate => ({
    ...estimate,
    value: estimate.value * factor,
    lower: estimate.lower * factor,
    upper: estimate.upper * factor,
  })
  const labels = arms ?? base.arms
  const renamed = (winner: string | null): string | null =>
    labels[base.arms.indexOf(winner ?? '')] ?? winner
  return {
    ...base,
    file: `${folder}/report.json`,
    page: `${folder}/report.html`,
    startedAt,
    scenarios: [scenario],
    arms: labels,
    ratios: base.ratios.map((each) => ({
      ...each,
      ratio: each.ratio && scaled(each.ratio),
      winner: renamed(each.winner),
    })),
    machine: { ...base.machine!, cpu: cpu ?? base.machine!.cpu },
    conditions: {
      ...conditions,
      scenario,
      params: { ...conditions.params, ...params },
      arms: conditions.arms.map((arm, index) => ({ ...arm, label: labels[index] ?? arm.label })),
      durationSeconds: durationSeconds ?? conditions.durationSeconds,
    },
  }
}

/** A measurement of every kind, runs that may and may not be compared, and files that cannot be read. Newest first. */
export function sampleIndex(): readonly IndexRow[] {
  const objective = objectiveReport()
  objective.scenario.name = 'queue-discipline'
  const broken = {
    kind: 'run',
    file: 'reports/2026-11-21T08-00-00Z-hot-key/report.json',
    page: null,
  } as const
  return sortedRows([
    ...[1, 0.9, 1.2, 1.1, 4].map((factor, index) => runAfter(index + 1, { factor })),
    runAfter(6, { params: { keys: 5 }, factor: 0.5 }),
    runAfter(7, { params: { keys: 5 }, factor: 0.6 }),
    runAfter(8, { cpu: 'Other CPU' }),
    runAfter(9, { scenario: 'low-load', arms: ['staged', 'sharded:batch=1'], factor: 2 }),
    rowOf({ kind: 'run', content: troubledReport() }, 'kv-update', ['report.json', 'report.html']),
    rowOf({ kind: 'run', content: objective }, 'queue-discipline', ['report.json', 'report.html']),
    rowOf({ kind: 'catalogue', content: sampleCatalogue() }, 'catalogue', [
      'catalogue.json',
      'index.html',
    ]),
    rowOf({ kind: 'sweep', content: sampleSweep() }, 'sweep-hot-key', ['sweep.json', 'sweep.html']),
    rowOf({ kind: 'search', content: sampleCrossing() }, 'find-hot-key', [
      'crossing.json',
      'crossing.html',
    ]),
    rowOf({ kind: 'ablation', content: sampleAblation() }, 'ablate-kv-update', [
      'ablation.json',
      null,
    ]),
    rowOf({ kind: 'calibration', content: sampleCalibration() }, 'calibrate', [
      'calibration.json',
      null,
    ]),
    rowOf({ kind: 'validation', content: sampleValidation() }, 'validate', [
      'validation.json',
      null,
    ]),
    unreadableRow(
      broken,
      usageError('report-truncated', `report is empty: path=${broken.file}`, 'restore it'),
    ),
    unreadableRow({ ...broken, file: 'reports/loose/report.json' }, new Error('no\nluck')),
  ])
}
