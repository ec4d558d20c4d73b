import type { Trial } from '../../results/schema.ts'
import { kieferWolfowitzResponses, type Pause } from '../../stats/queueing.ts'
import { Schedule } from '../../workload/schedule.ts'
import type { PortTrace, Trace } from '../../workload/trace-layout.ts'

/** A trial of `queue-discipline`, and what it was played from. */
export interface TheoryTrial {
  readonly trial: Trial
  readonly servers: number
  readonly trace: Trace
  readonly nsPerGap: number
  readonly steadyNs: number
}

/** The requests that were due in a steady state, in the order of their instants. */
interface PlayedRequests {
  /** Nanoseconds since the steady state's start, ascending. */
  readonly arrivalsNs: Float64Array
  readonly servicesNs: Float64Array
}

/** What one port played of its trace: every request due before `endNs`. */
export function playedByPort(
  trace: Trace,
  port: PortTrace,
  nsPerGap: number,
  endNs: number,
): PlayedRequests {
  const schedule = new Schedule(port, trace.cycleGaps)
  schedule.start(0, nsPerGap)
  const arrivals: number[] = []
  const services: number[] = []
  for (; schedule.nextDueNs < endNs; schedule.advance()) {
    arrivals.push(schedule.nextDueNs)
    services.push(schedule.serviceNs())
  }
  return { arrivalsNs: Float64Array.from(arrivals), servicesNs: Float64Array.from(services) }
}

/** What all ports played, merged by the instants of arrival. */
export function playedByAll(trace: Trace, nsPerGap: number, endNs: number): PlayedRequests {
  const parts = trace.ports.map((port) => playedByPort(trace, port, nsPerGap, endNs))
  const merged = parts
    .flatMap(({ arrivalsNs, servicesNs }) =>
      Array.from(arrivalsNs, (arrivalNs, i) => ({ arrivalNs, serviceNs: servicesNs[i]! })),
    )
    .toSorted((a, b) => a.arrivalNs - b.arrivalNs)
  return {
    arrivalsNs: Float64Array.from(merged, ({ arrivalNs }) => arrivalNs),
    servicesNs: Float64Array.from(merged, ({ serviceNs }) => serviceNs),
  }
}

/**
 * The response time of every request of the trace in ascending order, nanoseconds: of one queue for all servers
 * (staged), or of a queue per server (sharded). No sampling error: it is the trace that was played.
 * @param overshoot by which each service is longer than the trace says. @default 0
 */
export function expectedResponses(
  played: TheoryTrial,
  shared: boolean,
  { pause, overshoot = 0 }: { readonly pause?: Pause; readonly overshoot?: number } = {},
): Float64Array {
  const asTaken = (services: Float64Array) => services.map((ns) => ns + overshoot)
  const { servers, trace, nsPerGap, steadyNs } = played
  if (shared) {
    const { arrivalsNs, servicesNs } = playedByAll(trace, nsPerGap, steadyNs)
    return kieferWolfowitzResponses(arrivalsNs, asTaken(servicesNs), servers, pause).toSorted()
  }
  const parts = trace.ports.map((port) => {
    const { arrivalsNs, servicesNs } = playedByPort(trace, port, nsPerGap, steadyNs)
    return kieferWolfowitzResponses(arrivalsNs, asTaken(servicesNs), 1, pause)
  })
  return Float64Array.from(parts.flatMap((responses) => [...responses])).toSorted()
}
