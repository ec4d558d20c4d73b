import { usageError } from '../base/errors.ts'
import { logWorkload } from '../workload/log-trace.ts'
import type { RequestLog } from '../workload/request-log.ts'
import type { TransportName } from './parse-transport.ts'
import { readRequestLog } from './read-request-log.ts'
import type { LoadedScenario } from './run-request.ts'

/**
 * Reads the log behind `--trace`.
 * @throws CrossoverError of kind `usage` when it is none, or is to be played over real sockets.
 */
export async function readTrace(path: string, transport: TransportName): Promise<RequestLog> {
  if (transport === 'replay') return readRequestLog(path)
  throw usageError(
    'conflict',
    `--trace ${path} and --transport ${transport} exclude each other`,
    'leave out one: clients of real sockets draw their requests themselves',
  )
}

/**
 * A scenario that plays a log: its stages, and of its workload the clients and surroundings; records, operations, keys and
 * instants are the log's.
 * @throws CrossoverError of kind `usage` when its requests need what no log says.
 */
export function playLog(loaded: LoadedScenario, log: RequestLog): LoadedScenario {
  const { scenario, params } = loaded
  const workload = scenario.workload(params)
  const needed = (['keysPerRequest', 'document', 'serviceTimes'] as const).find(
    (field) => workload[field] !== undefined,
  )
  if (needed !== undefined) throw unplayable(scenario.name, `its workload has ${needed}`)
  const played = logWorkload(log, workload)
  return { ...loaded, scenario: { ...scenario, workload: () => played }, log }
}

function unplayable(name: string, why: string): Error {
  return usageError(
    'trace-scenario',
    `--trace: ${name} plays no log: ${why}, and a log does not say that of its requests`,
    'choose a scenario of reads and updates, such as kv-update, or leave --trace out',
  )
}
