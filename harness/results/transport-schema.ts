import { z } from 'zod'

/** How requests reach the servers. */
export const transportSchema = z.discriminatedUnion('kind', [
  /** Each port plays its part of a trace in shared memory; there is no client. */
  z.object({ kind: z.literal('replay') }),
  /** Real sockets, and a client in a process of its own. */
  z.object({
    kind: z.literal('http'),
    host: z.string(),
    /** Port i of a server listens on this TCP port + i. */
    firstTcpPort: z.number().int(),
    connections: z.number().int(),
    /** Requests in flight per connection. */
    pipelining: z.number().int(),
    /** Processors that the client has to itself; empty when it shares those of the servers. */
    clientCpus: z.array(z.number().int()),
  }),
])
