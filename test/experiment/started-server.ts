import { CrossoverError } from '../../harness/base/errors.ts'
import { HttpServer } from '../../harness/trial/http-server.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { parseArm } from '../../harness/asked/arms.ts'
import { findTcpPorts, LOOPBACK } from '../../harness/ports/http/tcp-ports.ts'
import { createTrialContext } from '../../harness/trial/context.ts'

const CPUS = [0, 1]
const KEYS = 1_000
const MOST_TRIES = 5

/** A server on real threads, and where its ports listen. */
export interface StartedServer {
  readonly server: HttpServer
  readonly tcpPorts: readonly number[]
}

/** Starts a server of kv-update. @param arm as behind `--arms`. @param firstTcpPort @default the first of some free ones */
export async function startServer(arm: string, firstTcpPort?: number): Promise<StartedServer> {
  if (firstTcpPort !== undefined) return startAt(firstTcpPort, arm)
  for (let tries = 1; ; tries++) {
    const first = await findTcpPorts(LOOPBACK, CPUS.length)
    try {
      return await startAt(first, arm)
    } catch (error) {
      // Another program has taken the port in between.
      if (tries === MOST_TRIES || !isListenFailure(error)) throw error
    }
  }
}

async function startAt(firstTcpPort: number, arm: string): Promise<StartedServer> {
  const context = createTrialContext({
    loaded: await loadScenario('kv-update', { keys: String(KEYS) }),
    arms: [parseArm(arm)],
    cpus: CPUS,
    virtualCores: null,
    signal: new AbortController().signal,
  })
  const listen = { host: LOOPBACK, firstTcpPort, shared: false }
  const server = await HttpServer.start(context, parseArm(arm), listen)
  return { server, tcpPorts: CPUS.map((_, port) => firstTcpPort + port) }
}

function isListenFailure(error: unknown): boolean {
  return error instanceof CrossoverError && error.code === 'listen'
}
