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
    capacity: capacity?.arms ?? null,
    breakEven,
    objective: objective && withoutProbes(objective),
    band: band && { path: band.path, measuredAt: band.measuredAt, runs: band.runs },
    loads: report.loads.map(({ label, offeredPerSecond, pairs, verdict }) => ({
      label,
      offeredPerSecond,
      pairs: pairs.length,
      verdict,
    })),
    warnings: report.warnings.map(({ code, message, cure }) => ({ code, message, cure })),
  }
}

function withoutProbes({ percentile, limitNs, arms, ratio, sentence }: Objective): object {
  return { percentile, limitNs, arms, ratio, sentence }
}
