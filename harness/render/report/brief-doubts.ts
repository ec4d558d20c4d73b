import type { Load, Report } from '../../results/schema.ts'
import { counted, formatShare } from '../../words/format.ts'
import { failedGatesOf } from '../../words/metrics.ts'
import { spaced } from '../../words/verdict.ts'
import { partialText } from '../view/measured.ts'
import type { Names } from './brief-answer.ts'
import { barredBy } from './brief-standing.ts'
import { selectionWarning, shareDoubts, voidTrials } from './findings.ts'

/** Causes to doubt the figures, a line each. */
interface BriefDoubts {
  /** No figure is to be trusted, or the run is not whole: told before the answer. */
  readonly grave: readonly string[]
  readonly light: readonly string[]
}

/** One of each cause, however many trials, servers and loads it concerns. */
export function briefDoubts(report: Report, names: Names): BriefDoubts {
  const wrong = voidTrials(report).length
  const trials = countedTrials(report)
  const partial = partialText('run', report)?.replace(/\.$/, '')
  const share = shareDoubt(report.loads)
  const barred = barredDoubts(report.loads)
  const told = new Set(trials.flatMap(({ failed }) => failed))
  if (barred.length > 0) told.add(BARRED)
  return {
    grave: [
      ...(wrong === 0
        ? []
        : [
            `${wrong} of ${counted(trials.length, 'trial')} gave wrong answers: trust no figure of this run`,
          ]),
      ...(partial === undefined ? [] : [partial]),
    ],
    light: [
      ...placeDoubts(report),
      ...gateDoubts(trials, report, names),
      ...barred,
      ...(share === null ? [] : [share]),
      ...(selectionWarning(report) === null
        ? []
        : ['far more rounds of one server than of the other were played again: a selection']),
      ...warningDoubts(report, told),
    ],
  }
}

interface CountedTrial {
  readonly load: string
  readonly arm: string
  readonly failed: readonly string[]
  readonly messages: Readonly<Record<string, string>>
}

function countedTrials({ loads }: Report): readonly CountedTrial[] {
  return loads.flatMap(({ label, sets }) =>
    sets.flatMap(({ trials }) =>
      Object.values(trials).map((trial) => ({
        load: label,
        arm: trial.arm,
        failed: failedGatesOf(trial),
        messages: Object.fromEntries(trial.gates.map(({ name, message }) => [name, message])),
      })),
    ),
  )
}

/** What a reader must know of the place: cores that are none, a client that takes its share. */
function placeDoubts({ run: { virtualCores, transport, cpus } }: Report): readonly string[] {
  const processors = counted(cpus.length, 'processor')
  return [
    ...(virtualCores === null
      ? []
      : [
          `${virtualCores} virtual cores on ${processors}: handoffs cost other than on as many real ones`,
        ]),
    ...(transport.kind === 'http' && transport.clientCpus.length === 0
      ? [`client and servers share ${processors}: the client’s work is in every figure`]
      : []),
  ]
}

/** What failed, in words that need no explanation; of each gate that a trial may count in spite of. */
const GATE_TEXTS: Readonly<Record<string, string>> = {
  noise: 'other programs used the processors',
  'noisy machine': 'other programs used the processors',
  halves: 'latencies changed within the trial',
  clock: 'clocks disagreed, or the process was suspended',
  runtime: 'compilers or collectors were at work',
  lateness: 'the client sent late',
  generator: 'the client was near its own limit',
}

function gateDoubts(
  trials: readonly CountedTrial[],
  report: Report,
  names: Names,
): readonly string[] {
  const failures = trials.flatMap((trial) => trial.failed.map((gate) => ({ gate, trial })))
  const byGate = [...Map.groupBy(failures, ({ gate }) => gate)]
    // Wrong answers are told above all.
    .filter(([gate]) => gate !== 'answers')
    .toSorted(([, a], [, b]) => b.length - a.length)
  return byGate.map(([gate, of]) => {
    const arms = [...new Set(of.map(({ trial }) => names.get(trial.arm) ?? trial.arm))]
    const loads = [...new Set(of.map(({ trial }) => trial.load))]
    const message = of[0]!.trial.messages[gate]?.split(':')[0] ?? gate
    const isSaturated = gate === 'completed' || gate === 'saturated'
    const what = isSaturated
      ? `${new Intl.ListFormat('en-GB').format(arms)} did not keep up`
      : (sharePlainly(gate, report) ?? GATE_TEXTS[gate] ?? message)
    const places = [
      ...(isSaturated || arms.length > 1 ? [] : arms),
      // Everywhere is nowhere in particular.
      ...(loads.length === report.loads.length ? [] : loads.map(spaced)),
    ]
    const where = places.length === 0 ? '' : ` (${places.join(', ')})`
    return `${of.length} of ${counted(trials.length, 'trial')} doubtful: ${what}${where}`
  })
}

/** Of noise: who took how much, where the system tells it. */
function sharePlainly(gate: string, { warnings }: Report): string | null {
  const warning = warnings.find(({ code }) => FIRST_CODES.includes(code) && CAUSES[code] === gate)
  return warning === undefined ? null : inPlainWords(warning.message)
}

/** Why no winner is named where something else than the two decides. */
function barredDoubts(loads: readonly Load[]): readonly string[] {
  const reasons = loads.flatMap(({ comparisons }) => {
    const verdict = comparisons[0]?.verdict
    return (verdict && barredBy(verdict)) ?? []
  })
  const [first, ...others] = reasons
  return first === undefined
    ? []
    : [
        `no winner is named: ${first}${others.length === 0 ? '' : ` (and at ${counted(others.length, 'other load')})`}`,
      ]
}

function shareDoubt(loads: readonly Load[]): string | null {
  const missed = new Set(shareDoubts(loads).map(({ where }) => where))
  if (missed.size === 0) return null
  const shares = loads.flatMap(({ label, fractionOfCapacity }) =>
    missed.has(label) && fractionOfCapacity !== null
      ? [
          `${spaced(label)} was in fact ${spaced(formatShare(Number(fractionOfCapacity.toFixed(2))))}`,
        ]
      : [],
  )
  return `loads were fixed after the first round: ${shares.join(', ')} of the capacity`
}

/** Those that change what is measured come before those that only might. */
const FIRST_CODES = ['busy-machine', 'steal', 'throttled']
const BARRED = 'barred'
/** Of warnings that say the same as a gate, or as another warning: what is told of it already is not told again. */
const CAUSES: Readonly<Record<string, string>> = {
  'busy-machine': 'noise',
  steal: 'noise',
  'load-before': 'noise',
  'not-quiet': 'runtime',
  'timer-bound': BARRED,
}

/** @param told causes that have a line */
function warningDoubts({ warnings }: Report, told: ReadonlySet<string>): readonly string[] {
  const placeOf = ({ code }: Report['warnings'][number]) => (FIRST_CODES.includes(code) ? 0 : 1)
  const sorted = warnings.toSorted((a, b) => placeOf(a) - placeOf(b))
  const byCause = Map.groupBy(sorted, ({ code }) => CAUSES[code] ?? code)
  return [...byCause].flatMap(([cause, [first, ...others]]) => {
    if (told.has(cause) || first === undefined) return []
    const count = 1 + others.filter(({ code }) => code === first.code).length
    const text = inPlainWords(first.message)
    return [count === 1 ? text : `${text} (${count} times)`]
  })
}

/** The first clause of a warning without words of the method. */
function inPlainWords(message: string): string {
  const clause = message.split(/[:;] /)[0]!.replace(/( during the run)? \(limit [^)]*\)$/, '')
  return clause
    .replace(
      /failed the gate ([\w-]+)/,
      (_, gate: string) => `doubtful, ${GATE_TEXTS[gate] ?? gate}`,
    )
    .replace(/other processes took/, 'other programs took')
    .replaceAll(
      /\b(arm|pair)(s?)\b/g,
      (_, word: string, plural: string) => (word === 'arm' ? 'server' : 'round') + plural,
    )
}
