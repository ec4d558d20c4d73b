import type { Report, TrialSet } from '../../harness/results/schema.ts'
import { objectiveReport } from './sample-report.ts'

/** The report with every text that someone else may have written replaced by `text`; arms are told apart by a number behind it. */
export function injectedReport(report: Report, text: string): Report {
  const arms = report.arms.map((arm, index) => ({
    ...arm,
    label: text + index,
    options: { [text]: text },
  }))
  const renamed = (label: string): string =>
    text + report.arms.findIndex((arm) => arm.label === label)
  const byArm = <Value>(values: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).map(([arm, value]) => [renamed(arm), value]))
  const trialsOf = (trials: TrialSet['trials']): TrialSet['trials'] =>
    Object.fromEntries(
      Object.entries(trials).map(([arm, trial]) => [
        renamed(arm),
        {
          ...trial,
          arm: renamed(arm),
          gates: [{ name: text, passed: false, figure: text, message: text }],
          attribution: trial.attribution && {
            ...trial.attribution,
            parts: trial.attribution.parts.map((part) => part.replace(/:.*/, `: ${text}`)),
            slowestByCause: { [text]: 1 },
          },
          stages: trial.stages && trial.stages.map((stage) => ({ ...stage, name: text })),
        },
      ]),
    )
  const loads = report.loads.map((load) => ({
    ...load,
    label: text,
    comparisons: load.comparisons.map((compared) => ({
      ...compared,
      first: renamed(compared.first),
      second: renamed(compared.second),
      verdict: compared.verdict && { ...compared.verdict, sentence: text },
    })),
    sets: load.sets.map((set) => ({
      ...set,
      order: set.order.map(renamed),
      trials: trialsOf(set.trials),
      discarded: [{ cause: text, arm: text, trials: trialsOf(set.trials) }],
    })),
  }))
  return {
    ...report,
    complete: false,
    ending: text,
    arms,
    comparisons: report.comparisons.map(({ first, second }) => ({
      first: renamed(first),
      second: renamed(second),
    })),
    rounds: report.rounds.map((round) => ({ ...round, deployments: byArm(round.deployments) })),
    loads,
    breakEven: { ...report.breakEven!, staged: text, sharded: text },
    band: { ...report.band!, path: text, measuredAt: text },
    objective: {
      ...objectiveReport().objective!,
      sentence: text,
      probes: [{ ...objectiveReport().objective!.probes[0]!, arm: text }],
    },
    run: { ...report.run, id: text, startedAt: text, command: text, profile: text },
    scenario: {
      name: text,
      question: text,
      claim: text,
      prediction: { winner: text, because: text },
      params: { [text]: text },
    },
    environment: {
      ...report.environment,
      cpu: text,
      kernel: text,
      governor: text,
      cgroupQuota: text,
      nodeFlags: [text],
      serverFlags: [text],
      transparentHugePages: text,
      mitigations: { [text]: text },
    },
    warnings: [{ code: text, message: text, cure: text }],
  }
}
