import { usageError } from '../base/errors.ts'
import { requireName } from '../base/text.ts'
import type { Workload } from '../contract/workload.ts'
import { findTcpPorts, LOOPBACK, requireTcpPorts } from '../ports/http/tcp-ports.ts'
import type { TransportRequest } from './requests.ts'

/** Longest value that the HTTP clients have payloads for. */
const LONGEST_VALUE_BYTES = 1_024

/** @throws CrossoverError of kind `usage` when a workload has what only the replay transport can play: the one place for it. */
export function refuseOverHttp(workload: Workload): void {
  const feature = replayOnly(workload)
  if (feature === undefined) return
  throw usageError(
    'http-workload',
    `workload ${feature} is not played over HTTP`,
    'run plays it without --transport http; over HTTP choose one of reads and updates of one key each, such as kv-update',
  )
}

/** The first field that HTTP has no counterpart for, as it stands in the workload. */
function replayOnly(workload: Workload): string | undefined {
  const { operations, valueSizes, keySizes, valueBytes } = workload
  if ((operations.insert ?? 0) > 0) return 'operations.insert'
  if ((operations.readModifyWrite ?? 0) > 0) return 'operations.readModifyWrite'
  if (workload.keysPerRequest !== undefined) return 'keysPerRequest'
  if (workload.heavyClients !== undefined) return 'heavyClients'
  if (valueSizes === 'facebook-etc') return 'valueSizes facebook-etc'
  if (keySizes === 'facebook-etc') return 'keySizes facebook-etc'
  if (valueBytes > LONGEST_VALUE_BYTES)
    return `valueBytes ${valueBytes}, above ${LONGEST_VALUE_BYTES},`
  return undefined
}

export const TRANSPORT_NAMES = ['replay', 'http'] as const
export type TransportName = (typeof TRANSPORT_NAMES)[number]

const CONNECTIONS = 64
const PIPELINING = 1

/** Flags that are for real sockets only. */
export interface HttpFlags {
  readonly connections: number | undefined
  readonly pipelining: number | undefined
  readonly tcpPort: number | undefined
}

/** The transport of this name. */
export function parseTransport(text: string, flags: HttpFlags): TransportName {
  const name = requireName(text, TRANSPORT_NAMES, '--transport', 'transport')
  if (name === 'http') return name
  const [given] = [
    ['--connections', flags.connections],
    ['--pipelining', flags.pipelining],
    ['--tcp-port', flags.tcpPort],
  ].find(([, value]) => value !== undefined) ?? [undefined]
  if (given === undefined) return name
  throw usageError(
    'conflict',
    `${given} is for real sockets, and --transport is ${name}`,
    `add --transport http, or leave out ${given}`,
  )
}

/**
 * How clients will connect: as the user says, else as the workload does, else 64 connections without pipelining.
 * @throws CrossoverError of kind `usage` when the TCP ports cannot be had, or the workload is for the replay transport only.
 */
export async function prepareHttp(
  workload: Workload,
  flags: HttpFlags,
  place: {
    readonly portCount: number
    readonly clientCpus: readonly number[]
    /** Servers that listen at once, each on TCP ports of its own. @default 1 */
    readonly serverCount?: number
  },
): Promise<TransportRequest> {
  const { portCount, clientCpus, serverCount = 1 } = place
  const listening = portCount * serverCount
  refuseOverHttp(workload)
  const { clients } = workload
  const connections = flags.connections ?? Math.max(clients?.connections ?? CONNECTIONS, portCount)
  if (connections < portCount) {
    throw usageError(
      'connections',
      `--connections ${connections}: fewer than the server's ports: ${portCount}`,
      `--connections takes ${portCount} to 4096 here`,
    )
  }
  const { tcpPort } = flags
  if (tcpPort !== undefined) await requireTcpPorts(LOOPBACK, tcpPort, listening, '--tcp-port')
  return {
    kind: 'http',
    host: LOOPBACK,
    firstTcpPort: tcpPort ?? (await findTcpPorts(LOOPBACK, listening)),
    // Each port gets as many.
    connections: Math.ceil(connections / portCount) * portCount,
    pipelining: flags.pipelining ?? clients?.pipelining ?? PIPELINING,
    clientCpus: [...clientCpus],
  }
}

/** Processors of a run over real sockets. */
export interface SharedCpus {
  readonly servers: readonly number[]
  /** The client's own; empty when it shares the servers'. */
  readonly client: readonly number[]
}

/** Cores below which a server is not made smaller so that the client gets one of its own. */
const FEWEST_TO_SHARE_OUT = 3

/**
 * The client gets a processor of its own where that leaves the servers two or more, or the user left one free by
 * `--cpus`; else it shares theirs.
 * @param asked as the user named them; undefined for all that are available.
 */
export function shareOutCpus(
  asked: readonly number[] | undefined,
  available: readonly number[],
): SharedCpus {
  if (asked !== undefined) {
    return { servers: asked, client: available.filter((cpu) => !asked.includes(cpu)).slice(-1) }
  }
  if (available.length < FEWEST_TO_SHARE_OUT) return { servers: available, client: [] }
  return { servers: available.slice(0, -1), client: available.slice(-1) }
}
