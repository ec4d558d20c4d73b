import type { Report } from '../results/schema.ts'

type RunOf = Pick<Report, 'run'>

/** What a reader must know before believing any number; none for a run on processors of its own, without sockets. */
export function notices(report: RunOf): readonly string[] {
  return [virtualCoresNotice(report), coLocatedNotice(report)].filter((notice) => notice !== null)
}

function virtualCoresNotice({ run }: RunOf): string | null {
  const { virtualCores, cpus } = run
  if (virtualCores === null) return null
  return `${virtualCores} virtual cores on ${counted(cpus.length, 'processor')}: services are waits; costs of handoffs are not those of ${virtualCores} cores.`
}

function coLocatedNotice({ run }: RunOf): string | null {
  const { transport, cpus } = run
  if (transport.kind !== 'http' || transport.clientCpus.length > 0) return null
  return `Co-located: client and servers share ${counted(cpus.length, 'processor')}, so the client’s own work is part of every latency and of the capacity, and no thread of a server spins.`
}

/** How requests reached the servers, in a few words. */
export function transportText({ run }: RunOf): string {
  const { transport } = run
  if (transport.kind === 'replay') return 'replay of a trace in shared memory'
  const { connections, pipelining, clientCpus, host, firstTcpPort } = transport
  const depth = pipelining === 1 ? '' : ` of ${pipelining} requests each`
  const client =
    clientCpus.length === 0
      ? 'client co-located with the servers'
      : `client on ${clientCpus.length === 1 ? 'processor' : 'processors'} ${clientCpus.join(', ')}`
  return `HTTP/1.1 to ${host}, TCP ports from ${firstTcpPort} on, ${counted(connections, 'connection')}${depth}, ${client}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
