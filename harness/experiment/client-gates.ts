import { timeText } from '../base/time-text.ts'
import { NS_PER_US } from '../base/units.ts'
import type { ClientFigures } from '../results/client-schema.ts'
import type { Gate, Latency } from '../results/schema.ts'

const LARGEST_LATENESS_NS = 100 * NS_PER_US
/** Of the median latency, where that is more. */
const LATENESS_SHARE = 0.1
const LARGEST_BUSY_SHARE = 0.8
const LARGEST_CLOSED_SHARE = 0.9

/** `lateness`: the client sent its requests when they were due. Null in a closed loop, where nothing is due. */
export function latenessGate({ sendLateness }: ClientFigures, median: Latency): Gate | null {
  if (sendLateness === null) return null
  const limitNs = Math.max(LARGEST_LATENESS_NS, LATENESS_SHARE * median.ns)
  return {
    name: 'lateness',
    passed: sendLateness.p99Ns <= limitNs,
    figure: `p99 of send lateness ${timeText(sendLateness.p99Ns)}, limit ${timeText(limitNs)}`,
    message: 'the client sent late: its own delay is part of the latencies',
  }
}

/**
 * `generator`: the client had time to spare. A closed loop is as fast as its slower side: that must not be a client which
 * has a processor of its own; one that shares them is part of what is measured, and the gate null.
 */
export function generatorGate(
  client: ClientFigures,
  steadySeconds: number,
  coLocated: boolean,
): Gate | null {
  const isClosed = client.sendLateness === null
  if (isClosed && coLocated) return null
  const limit = isClosed ? LARGEST_CLOSED_SHARE : LARGEST_BUSY_SHARE
  const share = (isClosed ? client.cpuSeconds : client.busySeconds) / steadySeconds
  const percent = (value: number) => `${(value * 100).toFixed(0)} %`
  return {
    name: 'generator',
    passed: share < limit,
    figure: `client busy ${percent(share)} of the time, pacing aside, limit ${percent(limit)}`,
    message: isClosed
      ? 'the client was the limit: the server could have answered more'
      : 'the client was near its own limit: it may have slowed the requests down',
  }
}
