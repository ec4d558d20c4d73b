import { Schedule } from '../workload/schedule.ts'
import type { PortTrace, Trace } from '../workload/trace-layout.ts'

/** The requests that were due in a steady state, in the order of their instants. */
export interface PlayedRequests {
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
