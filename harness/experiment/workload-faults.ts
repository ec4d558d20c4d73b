import { BYTES_PER_WORD } from '../base/units.ts'
import type { Workload } from '../contract/workload.ts'
import { VALUE_HEAD_WORDS } from '../shared-memory/request-slab-layout.ts'

const VALUE_HEAD_BYTES = VALUE_HEAD_WORDS * BYTES_PER_WORD
/** Warm-up and steady state insert into a half of the room each. */
const LEAST_INSERT_ROOM = 2

/**
 * The first thing in a workload that does not go together, as `field must be …: value`, or undefined. Of a workload whose
 * fields are of the right kinds.
 */
export function workloadFault(workload: Workload): string | undefined {
  return documentFault(workload) ?? insertFault(workload) ?? legsFault(workload)
}

/** A document must have room in a value, and nothing can be written, nor read by keys. */
function documentFault(workload: Workload): string | undefined {
  const { document, operations, valueBytes } = workload
  if (document === undefined) return undefined
  const written = (['update', 'insert', 'readModifyWrite'] as const).find(
    (name) => (operations[name] ?? 0) !== 0,
  )
  if (written !== undefined)
    return `operations.${written} must be 0 with a document: ${operations[written]}`
  const sized = (['valueSizes', 'keySizes'] as const).find((name) => hasSizes(workload[name]))
  if (sized !== undefined) return `${sized} must be fixed with a document: ${workload[sized]}`
  if (workload.keysPerRequest !== undefined)
    return 'keysPerRequest must be left out with a document'
  const { length } = document.text
  const room = valueBytes - VALUE_HEAD_BYTES
  return length > room
    ? `document.text must have at most ${room} bytes, valueBytes − ${VALUE_HEAD_BYTES}: ${length}`
    : undefined
}

function hasSizes(sizes: Workload['valueSizes']): boolean {
  return sizes !== undefined && sizes !== 'fixed'
}

function insertFault({ operations, keys, insertRoom = 0 }: Workload): string | undefined {
  if (insertRoom >= LEAST_INSERT_ROOM) return undefined
  const least = `insertRoom must be at least ${LEAST_INSERT_ROOM}`
  if ((operations.insert ?? 0) > 0) return `${least} where operations insert: ${insertRoom}`
  return keys.kind === 'latest' ? `${least} with keys latest: ${insertRoom}` : undefined
}

/** A request's payload is written to all its keys, and a reply tells of a write as a whole whether it happened. */
function legsFault(workload: Workload): string | undefined {
  if (workload.keysPerRequest === undefined) return undefined
  const sized = (['valueSizes', 'keySizes'] as const).find((name) => hasSizes(workload[name]))
  if (sized !== undefined) return `${sized} must be fixed with keysPerRequest: ${workload[sized]}`
  const { update, readModifyWrite = 0 } = workload.operations
  return workload.keys.kind === 'latest' && update + readModifyWrite > 0
    ? 'keys must be other than latest where requests over many keys update: a key of theirs may not be there yet'
    : undefined
}
