import type { Report } from '../results/schema.ts'

/** What `--json` prints of a report: capacities, verdicts and doubts; everything else is in `report.json`. */
export function summarise(report: Report): object {
  return {
    scenario: report.scenario.name,
    params: report.scenario.params,
    arms: report.arms.map((arm) => arm.label),
    seed: report.run.seed,
    capacity: report.capacity?.arms ?? null,
    loads: report.loads.map(({ label, offeredPerSecond, pairs, verdict }) => ({
      label,
      offeredPerSecond,
      pairs: pairs.length,
      verdict,
    })),
    warnings: report.warnings.map(({ code, message, cure }) => ({ code, message, cure })),
  }
}
