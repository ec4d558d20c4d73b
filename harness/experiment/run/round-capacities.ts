import type { ObjectiveRequest } from '../../asked/requests.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { BreakEven, Estimate, Report } from '../../results/schema.ts'
import { waitsOrReads } from '../../scenario/declared-work.ts'
import { requestsInFlight } from '../../server/server-memory.ts'
import { breakEvenRatio } from '../../stats/queueing.ts'
import { measureInlineCeiling } from '../../trial/inline-ceiling.ts'
import { traceOfSeed } from '../../trial/series.ts'
import type { Capacity } from '../../trial/server-under-test.ts'
import { capacityWindow } from '../../trial/sustained-search.ts'
import {
  CapacityDoubts,
  CLIENT_LIMIT,
  midOf,
  overheadOf,
  overRounds,
  ratioOfRounds,
  spread,
} from '../capacity.ts'
import type { Step } from '../rounds/experiment.ts'
import { INLINE_ROUNDS } from './plan.ts'
import type { RunState } from './state.ts'

/** What the arms sustain, and what a closed window gets through them, round by round; keeps the report's section of it. */
export class RoundCapacities {
  readonly #run: RunState
  readonly #doubts: CapacityDoubts
  readonly #capacities = new Map<string, Capacity[]>()
  #inlineCeiling: Estimate | null = null
  /** The first probe whose answers were wrong; null without one. */
  firstVoid: { readonly arm: string; readonly why: string } | null = null

  constructor(run: RunState) {
    this.#run = run
    this.#doubts = new CapacityDoubts(run.report.warnings)
  }

  /** Takes note of one arm's capacity in the present round; one whose every probe was void costs just itself. */
  add(arm: Arm, capacity: Capacity): void {
    const known = this.#capacities.get(arm.label) ?? []
    this.#capacities.set(arm.label, [...known, capacity])
    for (const gate of capacity.failedGates) this.#doubts.add(gate, arm.label)
    const [why] = capacity.voids
    if (why !== undefined) this.firstVoid ??= { arm: arm.label, why }
    if (capacity.voids.length > 0)
      this.#run.warn(
        'void-probe',
        `${capacity.voids.length === 1 ? 'a probe' : `${capacity.voids.length} probes`} of the capacity had wrong answers and counted as not sustained: arm=${arm.label}: ${capacity.voids[0]}`,
        'mend what the answers say is wrong; the check of each trial tells more',
      )
  }

  /** A step that measures plain calls, for when all servers are parked; none where they are no ceiling. */
  ceilingSteps(seed: number): readonly Step[] {
    // Plain calls that wait are no ceiling of a server whose threads wait side by side, and calls without a socket none of
    // a server that has them.
    const { transport } = this.#run.context
    if (transport.kind === 'http' || this.#waits) return []
    return [{ kind: 'aside', run: () => this.#measureCeiling(seed) }]
  }

  /** Where theory puts the change of winner; null where CPU time is not what a request costs. */
  breakEven(): BreakEven | null {
    const { report, context, request } = this.#run
    // Services that are waits cost no CPU, and servers that spun since the client was the limit too much.
    if (this.#waits || this.#isClientsLimit) return null
    return estimateBreakEven(report, context.cores.length, request.objective)
  }

  get #waits(): boolean {
    const { scenario, params } = this.#run.context.loaded
    return waitsOrReads(scenario.stages(params))
  }

  async #measureCeiling(seed: number): Promise<void> {
    const { context } = this.#run
    const trace = traceOfSeed(context, 'random', seed).ports[0]!
    const perSecond = await measureInlineCeiling(context, trace, INLINE_ROUNDS)
    const { cores } = context
    this.#inlineCeiling = spread(
      perSecond.map((one) => one * cores.length),
      'requests/s',
    )
    this.summarize()
  }

  /** Whether the client, not the servers, was the limit of some closed window. */
  get #isClientsLimit(): boolean {
    return this.#run.report.warnings.some(({ code }) => code === CLIENT_LIMIT)
  }

  /** An arm's median over rounds; null when it has none. */
  median(label: string): number | null {
    const values = this.#sustained(label)
    return values.length === 0 ? null : spread(values, 'requests/s').value
  }

  /** The smallest arm's median over rounds; null when some arm has none. */
  smallest(): number | null {
    const medians = this.#run.request.arms.map(({ label }) => this.median(label))
    return medians.some((value) => value === null)
      ? null
      : Math.min(...medians.map((value) => value!))
  }

  /** Puts everything that is known so far into the report. */
  summarize(): void {
    const { request, context, report } = this.#run
    const { cores } = context
    const saturated = byArm(request.arms, (label) =>
      known(
        this.#figures(label, (one) => one.saturatedPerSecond),
        (values) => spread(values, 'requests/s'),
      ),
    )
    const ceiling = this.#inlineCeiling
    report.capacity = {
      windowPerPort: requestsInFlight(capacityWindow(context, request.arms[0]!), context.workload),
      sustained: byArm(request.arms, (label) =>
        known(this.#sustained(label), (values) => overRounds(values, request.level, 'requests/s')),
      ),
      sustainedRatios: request.comparisons.map(({ first, second }) => this.#ratio(first, second)),
      saturated,
      inlineCeiling: ceiling,
      overheadNs:
        ceiling === null
          ? {}
          : byArm(request.arms, (label) =>
              saturated[label] ? overheadOf(saturated[label], ceiling, cores.length) : null,
            ),
      cpuPerRequestNs: byArm(request.arms, (label) =>
        known(
          this.#figures(label, (one) => one.cpuPerRequestNs),
          (costs) => spread(costs, 'ns'),
        ),
      ),
    }
  }

  /** What share of the capacity over all rounds so far each load turns out to be. */
  tellShares(): void {
    const smallest = this.smallest()
    for (const load of this.#run.report.loads)
      load.fractionOfCapacity =
        smallest === null || load.offeredPerSecond === null
          ? null
          : load.offeredPerSecond / smallest
  }

  #sustained(label: string): readonly number[] {
    return this.#figures(label, ({ bracket }) => (bracket === null ? null : midOf(bracket)))
  }

  #figures(label: string, figure: (one: Capacity) => number | null): readonly number[] {
    return (this.#capacities.get(label) ?? []).flatMap((one) => figure(one) ?? [])
  }

  /** Over the rounds in which both arms sustained something. */
  #ratio(first: string, second: string): Estimate | null {
    const of = (label: string) =>
      (this.#capacities.get(label) ?? []).map(({ bracket }) =>
        bracket === null ? null : midOf(bracket),
      )
    return ratioOfRounds(of(first), of(second), this.#run.request.level)
  }
}

/** Null where there are none. */
function known(
  values: readonly number[],
  estimate: (values: readonly number[]) => Estimate,
): Estimate | null {
  return values.length === 0 ? null : estimate(values)
}

function byArm(
  arms: readonly Arm[],
  estimate: (label: string) => Estimate | null,
): Record<string, Estimate> {
  return Object.fromEntries(
    arms.flatMap(({ label }) => {
      const value = estimate(label)
      return value === null ? [] : [[label, value] as const]
    }),
  )
}

/** Of a report: whether some load in percent turned out to be another share than it says, by more than 15 %. */
export function offShares(
  report: Report,
): readonly { readonly label: string; readonly share: number }[] {
  return report.loads.flatMap(({ label, fractionOfCapacity }) => {
    const asked = /^([\d.]+)%$/.exec(label)?.[1]
    if (asked === undefined || fractionOfCapacity === null) return []
    const ratio = (fractionOfCapacity * 100) / Number(asked)
    return Math.abs(ratio - 1) > LARGEST_SHARE_ERROR ? [{ label, share: fractionOfCapacity }] : []
  })
}

const LARGEST_SHARE_ERROR = 0.15

/** Without an objective of the user's: so many times the staged arm's CPU per request (FAIRNESS: p99 ≤ 10·S). */
const SERVICES = 10

const FRACTIONS = { p50: 0.5, p90: 0.9, p99: 0.99, p99_9: 0.999 } as const

/**
 * Where queueing theory puts the change of winner, beside the CPU per request that both arms spent at capacity. Null
 * unless one arm is staged, the other sharded, and the machine tells CPU times. Theory takes arrivals as Poisson and
 * service times as exponential, staged as one M/M/k and sharded as k × M/M/1.
 */
export function estimateBreakEven(
  report: Pick<Report, 'arms' | 'capacity'>,
  cores: number,
  asked: ObjectiveRequest | null,
): BreakEven | null {
  const labelOf = (architecture: string) =>
    report.arms.find((arm) => arm.architecture === architecture)?.label
  const staged = labelOf('staged')
  const sharded = labelOf('sharded')
  if (staged === undefined || sharded === undefined) return null
  const stagedNs = report.capacity?.cpuPerRequestNs[staged]
  const shardedNs = report.capacity?.cpuPerRequestNs[sharded]
  if (stagedNs === undefined || shardedNs === undefined) return null
  const percentile = asked?.percentile ?? 'p99'
  const limitNs = asked?.limitNs ?? SERVICES * stagedNs.value
  const ratio = breakEvenRatio(cores, limitNs, stagedNs.value, FRACTIONS[percentile])
  // Not even an idle server keeps the objective.
  if (!Number.isFinite(ratio)) return null
  return {
    cores,
    objective: { percentile, ns: limitNs, source: asked === null ? 'ten-services' : 'slo' },
    staged,
    sharded,
    breakEvenRatio: ratio,
    measuredRatio: {
      value: shardedNs.value / stagedNs.value,
      lower: shardedNs.lower / stagedNs.upper,
      upper: shardedNs.upper / stagedNs.lower,
      level: null,
      n: Math.min(shardedNs.n, stagedNs.n),
      unit: '×',
    },
  }
}
