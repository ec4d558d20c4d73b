import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import type { ComparisonName, Load, Report, Verdict } from '../../results/schema.ts'
import { judgePrediction, predictedArm, type PredictionOutcome } from '../../stats/prediction.ts'
import { fewestPairs } from '../../stats/verdict.ts'
import { formatEstimate, formatShare, formatThreshold, RATIO } from '../../words/format.ts'
import { METRIC_LABELS, metricAt } from '../../words/metrics.ts'
import { type TextBlock, textBlock } from '../view/view.ts'
import { repeatedSets, selectionWarning } from './findings.ts'
import { soundTrials } from './pair-figures.ts'

/** A winner needs this much on any machine. */
const USUAL_THRESHOLD = 1.05

/**
 * How the verdicts were reached, below them: what a winner needed on this machine, and why, and what was played again for it; muted
 * is background only, the rest changes what a verdict means. Empty when no load has a verdict.
 */
export function verdictNotes(report: Report): readonly TextBlock[] {
  const judged = report.loads.filter((load) => verdictOf(load) !== undefined)
  if (judged.length === 0) return []
  const selection = selectionWarning(report)
  return [
    ...judged.flatMap(sureNotes),
    ...judged.flatMap((load) => equalPolicyNotes(load, report.run.metric)),
    // Others at work belong beside the verdicts, not behind seventy lines of doubts.
    ...report.warnings
      .filter(({ code }) => code === 'busy-machine' || code === 'steal')
      .map(({ message }) => textBlock(`Noisy machine: ${message}`)),
    // A selection of quiet trials is no sample.
    ...noteIf(repeatedSets(report), selection === null ? 'muted' : undefined),
    ...noteIf(selection === null ? null : `Repeats: ${selection}`),
    ...bandNotes(judged, report),
    ...noteIf(precisionText(report), 'muted'),
  ]
}

function noteIf(text: string | null, tone?: 'muted'): readonly TextBlock[] {
  return text === null ? [] : [textBlock(text, tone)]
}

/**
 * What of a ratio is polling: the same where the threads of both arms park as soon as they have nothing to do, beside that with
 * their own idle policies.
 */
function equalPolicyNotes(load: Load, judged: ComparisonName): readonly TextBlock[] {
  const metrics = [...new Set([metricAt(load, judged), metricAt(load, 'p50')])]
  return load.comparisons.flatMap(({ first, second, ratios, atEqualPolicy }) => {
    const figures = metrics.flatMap((metric) => {
      const [own, parked] = [ratios?.[metric], atEqualPolicy?.[metric]]
      if (!own || !parked) return []
      const [ownText, parkedText] = [own, parked].map((ratio) => formatEstimate(ratio, RATIO))
      return [`${METRIC_LABELS[metric]} ${parkedText}, by their own policies ${ownText}`]
    })
    return figures.length === 0
      ? []
      : [
          textBlock(
            `At equal policy (threads of both park at once), at ${load.label}: ${second} ÷ ${first}: ${figures.join('; ')}: what differs is polling`,
          ),
        ]
  })
}

/** A ratio beyond doubt must not be hidden by an undecided tail. */
function sureNotes({ label, comparisons }: Load): readonly TextBlock[] {
  return comparisons.flatMap(({ first, second, sure }) => {
    if (sure.length === 0) return []
    const figures = sure.map(
      ({ metric, ratio }) => `${METRIC_LABELS[metric]} ${formatEstimate(ratio, RATIO)}`,
    )
    return [
      textBlock(`Sure at 99 % each, at ${label}: ${second} ÷ ${first}: ${figures.join(', ')}`),
    ]
  })
}

/** Of any comparison: what a winner needs is the same for all of a load. */
function verdictOf({ comparisons }: Load): Verdict | undefined {
  return comparisons.flatMap(({ verdict }) => verdict ?? [])[0]
}

/** `rounds were added until the interval reached ±10%`; null for a fixed number of rounds. */
export function precisionText({ run }: Report): string | null {
  return run.precision === null
    ? null
    : `rounds were added until the interval reached ±${formatShare(run.precision)}`
}

function bandNotes(judged: readonly Load[], { band, bandNote }: Report): readonly TextBlock[] {
  if (band === null) return noteIf(bandNote, 'muted')
  const widened = thresholdText(judged)
  const unmeasured = judged.flatMap(({ label }) =>
    Object.hasOwn(band.ratios, label) ? [] : [label],
  )
  const { runs, pairs, measuredAt, path } = band
  const origin = `${runs} runs of ${pairs} pairs, measured ${measuredAt.slice(0, 10)}, from ${path}`
  const missing = `this machine’s A/A band has no figure at ${unmeasured.join(', ')}`
  return [
    ...noteIf(
      widened && `A winner needs a ratio beyond ${widened}: this machine’s A/A band (${origin})`,
    ),
    ...noteIf(unmeasured.length === 0 ? null : missing, 'muted'),
  ]
}

/** `1.12`, or `1.12 at 20%, 1.09 at 50%` unless it holds for every verdict alike; null when no load needs more than usual. */
function thresholdText(judged: readonly Load[]): string | null {
  const thresholds = judged.map((load) => ({
    label: load.label,
    text: formatThreshold(verdictOf(load)?.threshold ?? USUAL_THRESHOLD),
  }))
  const widened = thresholds.filter(({ text }) => Number(text) > USUAL_THRESHOLD)
  if (widened.length === 0) return null
  const [only, ...others] = new Set(thresholds.map(({ text }) => text))
  if (only !== undefined && others.length === 0) return only
  return widened.map(({ label, text }) => `${text} at ${label}`).join(', ')
}

/** A load's verdict in one sentence, also when the run reached none. */
export function verdictSentence(load: PairLoad): string {
  if (load.verdict !== null) return load.verdict.sentence
  if (load.label === 'max') {
    return 'No verdict: at this load latency only says how many requests were in flight.'
  }
  return load.pairs.length === 0
    ? 'No verdict: not measured.'
    : `No verdict: ${load.pairs.length === 1 ? 'one pair is' : `${load.pairs.length} pairs are`} too few.`
}

/** The load that stands for the run: the middle one of those with a sound pair; undefined when there is none. */
export function middleLoad(report: PairReport): PairLoad | undefined {
  const measured = report.loads.filter((load) => soundTrials(report, load)[0].length > 0)
  return measured[measured.length >> 1]
}

/** The whole report in one sentence: what was found about the objective, else the verdict at the middle load. */
export function headline(report: PairReport): string {
  if (report.objective !== null) return report.objective.sentence
  const load = middleLoad(report)
  return load === undefined ? 'Nothing was measured.' : verdictSentence(load)
}

type RunOf = Pick<Report, 'run'>

/** What a reader must know before believing any number; none for a run on processors of its own, without sockets. */
export function notices({ run: { virtualCores, transport, cpus } }: RunOf): readonly string[] {
  const processors = counted(cpus.length, 'processor')
  const virtual = `${virtualCores} virtual cores on ${processors}: services are waits; costs of handoffs are not those of ${virtualCores} cores.`
  const coLocated = `Co-located: client and servers share ${processors}, so the client’s own work is part of every latency and of the capacity, and no thread of a server spins.`
  const isCoLocated = transport.kind === 'http' && transport.clientCpus.length === 0
  return [...(virtualCores === null ? [] : [virtual]), ...(isCoLocated ? [coLocated] : [])]
}

/** How requests reached the servers, in a few words. */
export function transportText({ run }: RunOf): string {
  const { transport } = run
  if (transport.kind === 'replay') return 'replay of a trace in shared memory'
  const { connections, pipelining, clientCpus, host, firstTcpPort } = transport
  const depth = pipelining === 1 ? '' : ` of ${pipelining} requests each`
  const client =
    clientCpus.length === 0
      ? 'client co-located with the servers'
      : `client on ${clientCpus.length === 1 ? 'processor' : 'processors'} ${clientCpus.join(', ')}`
  return `HTTP/1.1 to ${host}, TCP ports from ${firstTcpPort} on, ${counted(connections, 'connection')}${depth}, ${client}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

type Prediction = NonNullable<PairReport['scenario']['prediction']>

/** The prediction as a sentence: `sharded wins, because …`. */
export function predictionText(prediction: Prediction): string {
  return `${predictedWinner(prediction)}, because ${prediction.because}`
}

/** The prediction without its reason: `sharded wins`. */
export function predictedWinner({ winner }: Prediction): string {
  return winner === 'none' ? 'neither wins' : `${winner} wins`
}

const OUTCOMES = ['confirmed', 'refuted', 'undecided'] as const
/** Labels of the loads at which a prediction was confirmed, refuted, or not decided. */
type PredictionLoads = Readonly<Record<PredictionOutcome, readonly string[]>>

/** What became of the prediction that was written down before measuring, by load; null when there is none to judge. */
export function predictionLoads(report: PairReport): PredictionLoads | null {
  const judged = judge(report)
  return judged === null || 'untested' in judged ? null : judged
}

/** The same as a sentence: `confirmed at 20%, 50%; undecided at 80%`, or why it was not tested; null without one. */
export function predictionOutcome(report: PairReport): string | null {
  const judged = judge(report)
  if (judged === null) return null
  if ('untested' in judged) return `not tested: ${judged.untested}`
  return OUTCOMES.filter((outcome) => judged[outcome].length > 0)
    .map((outcome) => `${outcome} at ${judged[outcome].join(', ')}`)
    .join('; ')
}

function judge({
  scenario: { prediction },
  arms,
  loads,
  run,
}: PairReport): PredictionLoads | { readonly untested: string } | null {
  if (prediction === null) return null
  const expected = predictedArm(arms, prediction.winner)
  if (expected === null) return { untested: 'it is not about these two arms' }
  if (run.plannedRounds < fewestPairs(run.level)) {
    return { untested: 'too few pairs for a verdict' }
  }
  const judged = { confirmed: [] as string[], refuted: [] as string[], undecided: [] as string[] }
  for (const { label, verdict } of loads) {
    if (verdict === null) continue
    judged[judgePrediction(verdict.winner, expected, prediction.orTie)].push(label)
  }
  return OUTCOMES.some((outcome) => judged[outcome].length > 0)
    ? judged
    : { untested: 'no verdict was reached' }
}
