import type { Objective, Report } from '../results/schema.ts'

/**
 * What `--json` prints of a report: capacities, verdicts (with their threshold and marked trials) and doubts;
 * everything else is in `report.json`.
 */
export function summarise(report: Report): object {
  const { run, scenario, capacity, breakEven, objective, band } = report
  return {
    scenario: scenario.name,
    params: scenario.params,
    arms: report.arms.map((arm) => arm.label),
    transport: run.transport,
    seed: run.seed,
    metric: run.metric,
    level: run.level,
    precision: run.precision,
    comparisons: report.comparisons,
    rounds: report.rounds.length,
    capacity: capacity && {
      sustained: capacity.sustained,
      sustainedRatios: capacity.sustainedRatios,
      saturated: capacity.saturated,
    },
    breakEven,
    objective: objective && withoutProbes(objective),
    band: band && { path: band.path, measuredAt: band.measuredAt, runs: band.runs },
    loads: report.loads.map(
      ({ label, offeredPerSecond, fractionOfCapacity, sets, comparisons }) => ({
        label,
        offeredPerSecond,
        fractionOfCapacity,
        pairs: sets.length,
        discarded: sets.reduce((sum, { discarded }) => sum + discarded.length, 0),
        comparisons: comparisons.map(({ first, second, verdict }) => ({ first, second, verdict })),
      }),
    ),
    warnings: report.warnings.map(({ code, message, cure }) => ({ code, message, cure })),
  }
}

function withoutProbes({ percentile, limitNs, arms, ratio, sentence }: Objective): object {
  return { percentile, limitNs, arms, ratio, sentence }
}
