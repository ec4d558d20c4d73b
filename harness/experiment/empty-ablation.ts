import { wallClock } from '../base/clock.ts'
import { readEnvironment } from '../measure/environment.ts'
import { ABLATION_METRICS, ABLATION_VERSION } from '../results/ablation.ts'
import type { Ablation, AblationMetric } from '../results/ablation.ts'
import type { AblationRequest } from './ablation-request.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptyAblation(request: AblationRequest, pinned: boolean): Ablation {
  const { chain, loaded } = request
  const { scenario, params } = loaded
  return {
    schemaVersion: ABLATION_VERSION,
    complete: false,
    ending: null,
    run: {
      startedAt: wallClock().toISOString(),
      command: request.command,
      seed: request.seed,
      elapsedSeconds: 0,
      cpus: [...request.cpus],
      durationSeconds: request.durationSeconds,
      plannedRounds: request.rounds,
      plannedCapacityRounds: request.capacityRounds,
      level: request.level,
    },
    environment: readEnvironment(pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      params: { ...params },
    },
    arms: chain.arms.map((arm) => ({
      ...arm,
      options: { ...arm.options },
      figures: nothing(),
    })),
    load: null,
    steps: chain.steps.map((step, index) => ({
      ...step,
      from: index,
      to: index + 1,
      ratios: nothing(),
    })),
    mechanisms: [],
    product: nothing(),
    productOfEstimates: nothing(),
    endpoints: nothing(),
    agreement: nothing(),
    markedTrials: { count: 0, of: 0, byGate: {} },
    measured: { capacity: { rounds: [], ends: [] }, latency: { rounds: [], ends: [] } },
    warnings: [],
  }
}

/** For no metric is anything known. */
function nothing(): Record<AblationMetric, null> {
  const entries = ABLATION_METRICS.map((metric) => [metric, null])
  return Object.fromEntries(entries) as Record<AblationMetric, null>
}
