import { usageError } from '../base/errors.ts'
import type { Workload } from '../contract/workload.ts'

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
