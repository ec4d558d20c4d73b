import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parseChain } from '../../harness/experiment/ablate/chain.ts'
import { ablationView } from '../../harness/render/ablate/view.ts'
import { calibrationView } from '../../harness/render/calibrate.ts'
import { claimsView } from '../../harness/render/claims.ts'
import { crossingView } from '../../harness/render/find/view.ts'
import { sweepView } from '../../harness/render/sweep/view.ts'
import { validationView } from '../../harness/render/validate.ts'
import { terminalView } from '../../harness/render/view/terminal.ts'
import type { Report } from '../../harness/results/schema.ts'
import { sampleAblation, troubledAblation } from './sample-ablation.ts'
import { sampleCalibration, troubledCalibration } from './sample-calibration.ts'
import { sampleClaims, troubledClaims } from './sample-claims.ts'
import { sampleCrossing, troubledSearch, uncrossed, undecidedSearch } from './sample-crossing.ts'
import { objectiveReport, sampleReport, troubledReport } from './sample-report.ts'
import { coresSweep, sampleSweep, stagesSweep, troubledSweep } from './sample-sweep.ts'
import { sampleValidation, troubledValidation } from './sample-validation.ts'
import { threeArmReport } from './three-arm-report.ts'
import { renderBrief } from '../../harness/render/report/brief.ts'
import { renderTerminal } from '../../harness/render/report/render.ts'

interface Options {
  readonly color: boolean
  readonly columns: number
}

/** A measurement as the terminal shows it. */
type Show = (options: Options) => string

/** What clears a screen, hides what follows or turns it around. */
const CONTROL = '\u001b[2Jgone\r\u0007\u202e'
const RED = '\u009b31mred'
const LONG = 'staged:layout=fused:threads=8:batch=64:locks=reader-writer'

interface Kind {
  readonly kind: string
  /** By the name of its snapshot, and the columns that it was taken in. */
  readonly snapshots: Readonly<Record<string, readonly [Show, number]>>
  readonly widths: readonly number[]
  /** Whatever may be wide, labels longer than usual among it. */
  readonly wide: readonly Show[]
  /** With control sequences in texts that someone else may have written. */
  readonly controlled: Show
}

/** The report with its first arm renamed everywhere. */
function withLongLabel(report: Report): Report {
  return JSON.parse(JSON.stringify(report).replaceAll('"staged":', `"${LONG}":`), (key, value) =>
    ['label', 'first'].includes(key) && value === 'staged' ? LONG : value,
  ) as Report
}

const run =
  (report: Report): Show =>
  (options) =>
    renderTerminal(report, options)
function controlledReport(): Report {
  const report = sampleReport()
  report.loads[0]!.comparisons[0]!.verdict!.sentence = CONTROL
  report.warnings[0]!.cure = RED
  return report
}

const brief =
  (report: Report): Show =>
  (options) =>
    renderBrief(report, options, { folder: 'reports/kv-update', mostRounds: 64 })
function controlledEnd() {
  const report = sampleReport()
  report.scenario.name = CONTROL
  report.scenario.question = CONTROL
  report.run.command += CONTROL
  report.warnings[0]!.message = RED
  return report
}

const sweepOf =
  (sweep: ReturnType<typeof sampleSweep>): Show =>
  (options) =>
    terminalView(sweepView(sweep), options)
function relabelledSweep(sweep: ReturnType<typeof sampleSweep>, label: string) {
  for (const value of sweep.values) value.figures[label] = value.figures['staged']!
  sweep.arms[0]!.label = label
  return sweep
}
function controlledSweep() {
  const sweep = relabelledSweep(troubledSweep(), CONTROL)
  sweep.over.name = RED
  sweep.load.reference = RED
  sweep.ending = '\u001b[2J'
  return sweep
}

const searchOf =
  (search: ReturnType<typeof sampleCrossing>): Show =>
  (options) =>
    terminalView(crossingView(search), options)
function longSearch() {
  const search = sampleCrossing()
  search.arms[1]!.label = `${LONG}:idle=park`
  return search
}
function controlledSearch() {
  const search = troubledSearch()
  search.arms[0]!.label = CONTROL
  search.over.name = RED
  search.ending = '\u001b[2J'
  return search
}

const ablationOf =
  (ablation: ReturnType<typeof sampleAblation>): Show =>
  (options) =>
    terminalView(ablationView(ablation), options)
const LONG_CHAIN = `${LONG}:stripes=4096:spinMicros=77,${LONG}:stripes=4096:spinMicros=77:idle=park,sharded`
function controlledAblation() {
  const ablation = troubledAblation()
  ablation.arms[0]!.label = CONTROL
  ablation.steps[0]!.name = RED
  ablation.mechanisms[0]!.name = RED
  ablation.ending = '\u001b[2J'
  return ablation
}

const calibrationOf =
  (calibration: ReturnType<typeof sampleCalibration>): Show =>
  (options) =>
    terminalView(calibrationView(calibration), options)
function controlledCalibration() {
  const calibration = troubledCalibration()
  calibration.rows[0]!.label = CONTROL
  calibration.rows[1]!.note = RED
  calibration.environment.cpu = '\u001b[31mEPYC'
  return calibration
}

const validationOf =
  (validation: ReturnType<typeof sampleValidation>): Show =>
  (options) =>
    terminalView(validationView(validation), options)
function longValidation() {
  const validation = troubledValidation()
  validation.rows[0]!.subject = LONG
  validation.rows[1]!.subject = 'sharded with a very long name, 16 servers, 80 % of its capacity'
  return validation
}
function controlledValidation() {
  const validation = troubledValidation()
  validation.rows[0]!.subject = CONTROL
  validation.summaries[0]!.sentence = RED
  return validation
}

const claimsOf =
  (claims: ReturnType<typeof sampleClaims>): Show =>
  (options) =>
    terminalView(claimsView(claims), options)
function longClaims() {
  const claims = sampleClaims()
  claims.claims[0]!.id = 'my-longest-claim-of-all1'
  claims.claims[0]!.figures[0]!.name = 'p99 of all that is asked for '.repeat(5)
  return claims
}
function controlledClaims() {
  const claims = troubledClaims()
  claims.claims[0]!.claim = CONTROL
  claims.claims[0]!.figures[0]!.name = RED
  claims.claims[1]!.ending = '\u001b[2J'
  return claims
}

const KINDS: readonly Kind[] = [
  {
    kind: 'run',
    snapshots: {
      terminal: [run(sampleReport()), 80],
      'terminal-troubled': [run(troubledReport()), 80],
      'terminal-three-arms': [run(threeArmReport()), 80],
      'terminal-objective': [run(objectiveReport()), 80],
    },
    widths: [72, 80, 100],
    wide: [sampleReport(), threeArmReport()].map((report) => run(withLongLabel(report))),
    controlled: run(controlledReport()),
  },
  {
    kind: 'run’s end',
    snapshots: {
      brief: [brief(sampleReport()), 80],
      'brief-troubled': [brief(troubledReport()), 80],
      'brief-three-arms': [brief(threeArmReport()), 80],
      'brief-objective': [brief(objectiveReport()), 80],
    },
    widths: [72, 80, 100],
    wide: [sampleReport(), threeArmReport()].map((report) => brief(withLongLabel(report))),
    controlled: brief(controlledEnd()),
  },
  {
    kind: 'sweep',
    snapshots: {
      sweep: [sweepOf(sampleSweep()), 80],
      'sweep-troubled': [sweepOf(troubledSweep()), 80],
      'sweep-cores': [sweepOf(coresSweep()), 80],
    },
    widths: [72, 80, 100, 140],
    wide: [
      sampleSweep(),
      troubledSweep(),
      coresSweep(),
      stagesSweep(),
      relabelledSweep(sampleSweep(), LONG),
    ].map(sweepOf),
    controlled: sweepOf(controlledSweep()),
  },
  {
    kind: 'search',
    snapshots: {
      crossing: [searchOf(sampleCrossing()), 100],
      'crossing-troubled': [searchOf(troubledSearch()), 80],
    },
    widths: [72, 80, 100, 140],
    wide: [sampleCrossing(), uncrossed(), undecidedSearch(), troubledSearch(), longSearch()].map(
      searchOf,
    ),
    controlled: searchOf(controlledSearch()),
  },
  {
    kind: 'ablation',
    snapshots: {
      ablation: [ablationOf(sampleAblation()), 100],
      'ablation-troubled': [ablationOf(troubledAblation()), 80],
    },
    widths: [72, 80, 100, 140],
    wide: [
      sampleAblation(),
      troubledAblation(),
      sampleAblation({ chain: parseChain(LONG_CHAIN) }),
    ].map(ablationOf),
    controlled: ablationOf(controlledAblation()),
  },
  {
    kind: 'calibration',
    snapshots: {
      calibration: [calibrationOf(sampleCalibration()), 100],
      'calibration-troubled': [calibrationOf(troubledCalibration()), 80],
    },
    widths: [72, 80, 96, 100],
    wide: [sampleCalibration(), troubledCalibration()].map(calibrationOf),
    controlled: calibrationOf(controlledCalibration()),
  },
  {
    kind: 'validation',
    snapshots: {
      validation: [validationOf(sampleValidation()), 80],
      'validation-troubled': [validationOf(troubledValidation()), 80],
    },
    widths: [72, 80, 100],
    wide: [validationOf(longValidation())],
    controlled: validationOf(controlledValidation()),
  },
  {
    kind: 'test of claims',
    snapshots: {
      claims: [claimsOf(sampleClaims()), 80],
      'claims-troubled': [claimsOf(troubledClaims()), 100],
    },
    widths: [72, 80, 100, 140],
    wide: [sampleClaims(), troubledClaims(), longClaims()].map(claimsOf),
    controlled: claimsOf(controlledClaims()),
  },
]

describe.each(KINDS)('the text of a $kind', ({ snapshots, widths, wide, controlled }) => {
  test.each(Object.entries(snapshots))('%s', async (name, [show, columns]) => {
    await expect(show({ color: false, columns })).toMatchFileSnapshot(`./snapshots/${name}.txt`)
  })

  test('colours change nothing but colours', () => {
    for (const [show, columns] of Object.values(snapshots)) {
      const colored = show({ color: true, columns })
      expect(colored).toContain('\u001b[')
      expect(stripVTControlCharacters(colored)).toBe(show({ color: false, columns }))
    }
  })

  test.each(widths)('fits %d columns, with long labels, too', (columns) => {
    for (const show of wide) {
      const text = show({ color: false, columns })
      const widest = Math.max(...text.split('\n').map((line) => line.length))
      expect(widest).toBeLessThanOrEqual(Math.min(100, columns))
    }
  })

  test('nothing in it can send control sequences to the terminal', () => {
    const text = controlled({ color: false, columns: 80 })
    expect(text).toContain('red')
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

test.each(KINDS.filter(({ kind }) => kind !== 'run'))(
  'nothing in the text of a $kind is cut off',
  ({ widths, wide }) => {
    for (const columns of widths)
      for (const show of wide) expect(show({ color: false, columns })).not.toContain('…')
  },
)
