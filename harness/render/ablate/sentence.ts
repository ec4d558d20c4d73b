import {
  type Ablation,
  type AblationMetric,
  type Mechanism,
  saturatedArms,
} from '../../results/ablate.ts'
import type { Estimate } from '../../results/schema.ts'
import { isTooNoisy } from '../../stats/doubtful-trials.ts'
import { fewestPairs } from '../../stats/verdict.ts'
import {
  formatEstimate,
  formatQuantity,
  formatShare,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
} from '../../words/format.ts'

/**
 * Whether a ratio is told from 1: its whole interval lies on one side, over as many rounds as were to be, on a machine that was
 * quiet in most trials.
 */
export type Effect = 'decided' | 'undecided' | 'unknown'

/** `0.31× (0.26–0.38)`, or `0.97×? (0.90–1.06)` when it is not told from 1; a dash when it is not known. */
export function effectText(
  ablation: Pick<Ablation, 'run' | 'markedTrials'>,
  metric: AblationMetric,
  ratio: Estimate | null,
): string {
  if (ratio === null) return NOT_AVAILABLE
  const text = formatEstimate(ratio, RATIO)
  return effectOf(ablation, metric, ratio) === 'undecided' ? text.replace('×', '×?') : text
}

/**
 * What an interval of the chain says. Throughput has only as many rounds as capacity was measured in: there all of them
 * must be on one side, which three rounds are by chance one time in four.
 */
export function effectOf(
  { run, markedTrials }: Pick<Ablation, 'run' | 'markedTrials'>,
  metric: AblationMetric,
  ratio: Estimate | null,
): Effect {
  if (ratio === null) return 'unknown'
  if (isTooNoisy(markedTrials)) return 'undecided'
  const needed =
    metric === 'throughput'
      ? Math.min(run.plannedCapacityRounds, fewestPairs(run.level))
      : fewestPairs(run.level)
  // A single round has no interval.
  if (ratio.level === null || ratio.n < needed) return 'undecided'
  return ratio.lower > 1 || ratio.upper < 1 ? 'decided' : 'undecided'
}

/** What a metric of an ablation is called. */
export const ABLATION_METRIC_NAMES: Readonly<Record<AblationMetric, string>> = {
  p50: 'p50',
  p99: 'p99',
  cpuPerRequest: 'CPU per request',
  throughput: 'throughput',
}

/** The answer: how much of the p99 ratio between the chain's ends each mechanism makes, the largest first. */
export function ablationSentence(ablation: Ablation): string {
  return metricSentence(ablation, 'p99', ablation.load === null ? '' : ` at ${loadText(ablation)}`)
}

/** The same of the capacities. */
export function throughputSentence(ablation: Ablation): string {
  return metricSentence(ablation, 'throughput', '')
}

function metricSentence(ablation: Ablation, metric: 'p99' | 'throughput', at: string): string {
  const name = ABLATION_METRIC_NAMES[metric]
  const between = `${metric === 'p99' ? classText(ablation) : ''} between ${endsText(ablation)}${at}`
  const ratio = ablation.product[metric]
  const effect = effectOf(ablation, metric, ratio)
  if (ratio === null) return `There is no ${name} ratio${between}: ${whyNone(ablation, metric)}.`
  const whole = `the ${name} ratio ${formatEstimate(ratio, RATIO)}${between}`
  const { byGate, of } = ablation.markedTrials
  const noisy = byGate['noise'] ?? 0
  if (isTooNoisy(ablation.markedTrials)) {
    return `The machine was too noisy to say what makes ${whole}: in ${noisy} of ${of} trials others took its processors.`
  }
  const parts = partsText(ablation, metric)
  return effect === 'decided'
    ? `Of ${whole}, ${parts}.`
    : `Of ${whole}, itself undecided, ${parts}.`
}

function partsText(ablation: Ablation, metric: AblationMetric): string {
  const of = (effect: string): Mechanism[] =>
    ablation.mechanisms.filter(
      ({ ratios }) => effectOf(ablation, metric, ratios[metric]) === effect,
    )
  const distance = ({ ratios }: Mechanism): number => Math.abs(Math.log(ratios[metric]?.value ?? 1))
  const makers = of('decided')
    .toSorted((a, b) => distance(b) - distance(a))
    .map(({ name, ratios }, index) => {
      const ratio = ratios[metric]
      return `${name}${index === 0 ? ' makes' : ''} ${ratio === null ? '' : formatEstimate(ratio, RATIO)}`
    })
  const undecided = of('undecided').map(({ name }) => name)
  const unknown = of('unknown').map(({ name }) => name)
  return [
    makers.length === 0 ? 'no mechanism has a decided part' : makers.join(', '),
    ...(undecided.length === 0 ? [] : [`undecided: ${undecided.join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`not known: ${unknown.join(', ')}`]),
  ].join('; ')
}

/** `arm 1 (staged) and arm 10 (sharded)`. */
function endsText({ arms }: Ablation): string {
  return `arm 1 (${arms[0]?.architecture ?? ''}) and arm ${arms.length} (${arms.at(-1)?.architecture ?? ''})`
}

/** `50% of the smallest capacity, 30.1k/s`. */
export function loadText({ load }: Ablation): string {
  if (load === null) return 'no load'
  const absolute = formatQuantity(load.perSecond, PER_SECOND)
  return load.label.endsWith('%')
    ? `${absolute} (${load.label} of the smallest capacity)`
    : absolute
}

/** ` of light requests`; empty when latencies are of all requests. */
function classText({ run }: Ablation): string {
  return run.requestClass === null ? '' : ` of ${run.requestClass} requests`
}

/** What a waterfall shows. */
export function waterfallTitle(ablation: Ablation, metric: 'p99' | 'throughput'): string {
  if (metric === 'throughput') return 'Throughput at capacity'
  return `p99 latency${classText(ablation)} at ${loadText(ablation)}`
}

function whyNone({ measured }: Ablation, metric: AblationMetric): string {
  const { rounds } = metric === 'throughput' ? measured.capacity : measured.latency
  const trials = rounds.flatMap((round) => round.trials)
  if (trials.length === 0) return 'it was not measured'
  const isLatency = metric === 'p50' || metric === 'p99'
  const saturated = isLatency ? saturatedArms(measured.latency) : []
  if (saturated.length > 0) {
    return `${armsText(saturated)} answered less than 99 % of the requests due in most trials: latencies of a growing queue measure the trial's length`
  }
  const late = trials.filter((trial) => isLatency && trial[metric].atLeast)
  if (late.length > 0) {
    return `${armsText(late.map(({ arm }) => arm))} left so many requests unanswered that there is no ${metric}`
  }
  return 'no round is whole'
}

/** `arm 3 and arm 9`, of places in the chain. */
function armsText(places: readonly number[]): string {
  const arms = [...new Set(places)].toSorted((a, b) => a - b)
  return arms.map((place) => `arm ${place + 1}`).join(' and ')
}

/** Whether the steps multiply to what the ends alone showed, with both figures; null when there is nothing to compare. */
export function agreementSentence(ablation: Ablation, metric: AblationMetric): string | null {
  const [product, direct] = [ablation.product[metric], ablation.endpoints[metric]]
  const agrees = ablation.agreement[metric]
  if (product === null || direct === null || agrees === null) return null
  const level = direct.level === null ? '' : `, ${formatShare(direct.level)} intervals`
  const says = agrees
    ? 'the intervals overlap, so they agree'
    : 'the intervals do not overlap: they disagree'
  return `${ABLATION_METRIC_NAMES[metric]}: the steps multiply to ${formatEstimate(product, RATIO)}, the ends measured alone show ${formatEstimate(direct, RATIO)}${level}: ${says}.`
}
