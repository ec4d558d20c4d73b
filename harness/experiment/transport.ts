import type { ClientProcess } from './client-process.ts'

/** How requests reach the servers of a run. */
export type Transport =
  /** A trace in shared memory; no client. */
  { readonly kind: 'replay' } | HttpTransport

/** Real sockets, and a client in a process of its own. */
export interface HttpTransport {
  readonly kind: 'http'
  /** Address that the ports bind to. */
  readonly host: string
  /** Port i of a server listens on this TCP port + i. */
  readonly firstTcpPort: number
  /** In all. */
  readonly connections: number
  /** Requests in flight per connection. */
  readonly pipelining: number
  /** The client has no processor of its own. */
  readonly coLocated: boolean
  readonly client: ClientProcess
}
