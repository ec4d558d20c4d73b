import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import type { ComparisonName, Load, Report, Verdict } from '../../results/schema.ts'
import { judgePrediction, predictedArm, type PredictionOutcome } from '../../stats/prediction.ts'
import { fewestPairs } from '../../stats/verdict.ts'
import {
  counted,
  formatEstimate,
  formatQuantity,
  formatShare,
  formatThreshold,
  PER_SECOND,
  RATIO,
} from '../../words/format.ts'
import { METRIC_LABELS, metricAt } from '../../words/metrics.ts'
import { type TextBlock, textBlock } from '../view/view.ts'
import { repeatedSets, selectionWarning } from './findings.ts'
import { ownRatesText, soundTrials } from './pair-figures.ts'

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
    ...judged.flatMap(placeNotes),
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

/** What a load is that is no share of the smallest capacity. */
function placeNotes({ label, offeredPerSecond, placed }: Load): readonly TextBlock[] {
  if (placed === undefined || offeredPerSecond === null) return []
  if (placed.by === 'each')
    return [
      textBlock(
        `${label} is each arm’s own share of what it sustained in the first round: ${ownRatesText(placed.perSecond)}; there is no comparison of latencies at equal requests per second`,
      ),
    ]
  const { share, shardPerSecond } = placed
  const [ofAll, ofShard] = [share, (offeredPerSecond * share) / shardPerSecond].map((part) =>
    formatShare(Number(part.toPrecision(3))),
  )
  return [
    textBlock(
      `${label} is ${formatQuantity(offeredPerSecond, PER_SECOND)} for every arm: with ${ofAll} of the requests the busiest shard gets ${ofShard} of the ${formatQuantity(shardPerSecond, PER_SECOND)} that one shard sustains with even keys and clients; without the skew the same load is --loads ${Math.round(offeredPerSecond)}/s`,
    ),
  ]
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

type Prediction = NonNullable<PairReport['scenario']['prediction']>

/** The prediction as a sentence: `sharded wins, because …`. */
export function predictionText(prediction: Prediction): string {
  return `${predictedWinner(prediction)}, because ${prediction.because}`
}

/** The prediction without its reason: `sharded wins`, `sharded wins against staged’s classic layout`. */
export function predictedWinner({ winner, about = 'both' }: Prediction): string {
  if (about === 'both') return winner === 'none' ? 'neither wins' : `${winner} wins`
  const layout = `${about} layout`
  if (winner === 'none') return `neither sharded nor staged’s ${layout} wins`
  return winner === 'staged'
    ? `staged’s ${layout} wins`
    : `${winner} wins against staged’s ${layout}`
}

const OUTCOMES = ['confirmed', 'refuted', 'undecided'] as const
/** Labels of the loads at which a prediction was confirmed, refuted, or not decided. */
type PredictionLoads = Readonly<Record<PredictionOutcome, readonly string[]>>

/**
 * What became of the prediction that was written down before measuring, by load: confirmed where it holds against every arm that
 * it speaks of, refuted where it fails against one; null when there is none to judge.
 */
export function predictionLoads(report: Report): PredictionLoads | null {
  const judged = judge(report)
  return judged === null || 'untested' in judged ? null : judged.loads
}

/**
 * The same as a sentence: `confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%)`, by arm where it speaks of several that
 * differ; or why it was not tested; null without one.
 */
export function predictionOutcome(report: Report): string | null {
  const judged = judge(report)
  if (judged === null) return null
  if ('untested' in judged) return `not tested: ${judged.untested}`
  const whole = outcomeOfLoads(judged.loads)
  const byArm = judged.byArm.map(([arm, loads]) => `${arm}: ${outcomeOfLoads(loads)}`)
  const isAlike = judged.byArm.every(([, loads]) => outcomeOfLoads(loads) === whole)
  return isAlike ? whole : `${whole}; ${byArm.join('; ')}`
}

function outcomeOfLoads(loads: PredictionLoads): string {
  const count = OUTCOMES.reduce((sum, outcome) => sum + loads[outcome].length, 0)
  const found = OUTCOMES.filter((outcome) => loads[outcome].length > 0)
  const only = found.length === 1 ? found[0] : undefined
  if (only !== undefined)
    return count === 1 ? `${only} at ${loads[only][0]!}` : `${only} at all ${count} loads`
  return found
    .map((outcome, index) => {
      const { length } = loads[outcome]
      const times = length === 1 ? 'one' : `${length}`
      return `${outcome} at ${times}${index === 0 ? ` of ${count} loads` : ''} (${loads[outcome].join(', ')})`
    })
    .join(', ')
}

interface JudgedPrediction {
  readonly loads: PredictionLoads
  /** Of each comparison that it speaks of: labels of its arms, and the loads. */
  readonly byArm: readonly (readonly [arms: string, loads: PredictionLoads])[]
}

function judge({
  scenario: { prediction },
  arms,
  comparisons,
  loads,
  run,
}: Report): JudgedPrediction | { readonly untested: string } | null {
  if (prediction === null) return null
  const spoken = comparisons.flatMap(({ first, second }, index) => {
    const pair = arms.filter(({ label }) => label === first || label === second)
    const expected = predictedArm(pair, prediction)
    // Of two arms of one architecture it says nothing, a tie included.
    const isBetween = new Set(pair.map(({ architecture }) => architecture)).size === 2
    return expected === null || !isBetween ? [] : [{ index, expected, pair }]
  })
  if (spoken.length === 0) return { untested: 'it is not about these arms' }
  if (run.plannedRounds < fewestPairs(run.level)) {
    return { untested: 'too few pairs for a verdict' }
  }
  const verdicts = loads.flatMap((load) => load.comparisons.flatMap(({ verdict }) => verdict ?? []))
  if (verdicts.length === 0) return { untested: 'no verdict was reached' }
  const outcomeAt = (load: Load, { index, expected }: (typeof spoken)[number]) =>
    judgePrediction(
      // A load that was not measured decides nothing.
      load.comparisons[index]?.verdict?.winner ?? 'inconclusive',
      expected,
      prediction.orTie,
    )
  const sorted = (outcomeOf: (load: Load) => PredictionOutcome): PredictionLoads => {
    const labelsOf = (outcome: PredictionOutcome) =>
      loads.flatMap((load) => (outcomeOf(load) === outcome ? load.label : []))
    return {
      confirmed: labelsOf('confirmed'),
      refuted: labelsOf('refuted'),
      undecided: labelsOf('undecided'),
    }
  }
  return {
    loads: sorted((load) => worstOf(spoken.map((one) => outcomeAt(load, one)))),
    byArm: spoken.map((one) => [
      one.pair.map(({ label }) => label).join(' and '),
      sorted((load) => outcomeAt(load, one)),
    ]),
  }
}

/** One that refutes is enough; all must confirm. */
function worstOf(outcomes: readonly PredictionOutcome[]): PredictionOutcome {
  if (outcomes.includes('refuted')) return 'refuted'
  return outcomes.includes('undecided') ? 'undecided' : 'confirmed'
}
