import { ABLATION_METRICS } from '../results/ablation.ts'
import type { Ablation, AblationMetric, Mechanism, Step } from '../results/ablation.ts'
import { agree, armFigures, endRatios, stepRatios } from './chain-ratios.ts'

/** Computes everything in the result that follows from its trials, anew. @param level confidence of the intervals */
export function summarizeChain(ablation: Ablation, { level }: { readonly level: number }): void {
  const { arms, steps, measured } = ablation
  for (const [place, arm] of arms.entries()) arm.figures = armFigures(measured, place)
  for (const [index, step] of steps.entries()) step.ratios = stepRatios(measured, [index], level)
  ablation.mechanisms = mechanismsOf(steps).map(({ name, steps: indices }) => ({
    name,
    steps: indices,
    ratios: stepRatios(measured, indices, level),
  }))
  ablation.product = stepRatios(measured, [...steps.keys()], level)
  ablation.endpoints = endRatios(measured, arms.length, level)
  ablation.productOfEstimates = byMetric((metric) => productOfEstimates(steps, metric))
  ablation.agreement = byMetric((metric) =>
    agree(ablation.product[metric], ablation.endpoints[metric]),
  )
  ablation.markedTrials = markedTrials(ablation)
}

/** Steps by mechanism, in the order in which mechanisms first appear. */
function mechanismsOf(steps: readonly Step[]): Omit<Mechanism, 'ratios'>[] {
  const groups = Map.groupBy(steps.keys(), (index) => steps[index]!.mechanism)
  return [...groups].map(([name, indices]) => ({ name, steps: indices }))
}

function productOfEstimates(steps: readonly Step[], metric: AblationMetric): number | null {
  const values = steps.map((step) => step.ratios[metric]?.value)
  if (values.includes(undefined)) return null
  return values.reduce<number>((product, value) => product * value!, 1)
}

function markedTrials({ measured }: Ablation): Ablation['markedTrials'] {
  const trials = [measured.capacity, measured.latency]
    .flatMap(({ rounds, ends }) => [...rounds, ...ends])
    .flatMap((round) => round.trials)
  const byGate: Record<string, number> = {}
  for (const gate of trials.flatMap((trial) => trial.failedGates)) {
    byGate[gate] = (byGate[gate] ?? 0) + 1
  }
  const count = trials.filter((trial) => trial.failedGates.length > 0).length
  return { count, of: trials.length, byGate }
}

function byMetric<T>(of: (metric: AblationMetric) => T): Record<AblationMetric, T> {
  return Object.fromEntries(ABLATION_METRICS.map((metric) => [metric, of(metric)])) as Record<
    AblationMetric,
    T
  >
}
