import type { Random } from '../base/random.ts'
import {
  INSERT_OPERATION,
  READ_MODIFY_WRITE_OPERATION,
  READ_OPERATION,
  UPDATE_OPERATION,
} from '../contract/request.ts'
import type { OperationMix } from '../contract/workload.ts'

/** Draws the operation of each request; takes one random number. */
export function operationDrawer(mix: OperationMix, random: Random): () => number {
  const { read, update, insert = 0, readModifyWrite = 0 } = mix
  const sum = read + update + insert + readModifyWrite
  const updatesEnd = (read + update) / sum
  const insertsEnd = (read + update + insert) / sum
  const readsEnd = read / sum
  return () => {
    const unit = random.unit()
    if (unit < readsEnd) return READ_OPERATION
    if (unit < updatesEnd) return UPDATE_OPERATION
    return unit < insertsEnd ? INSERT_OPERATION : READ_MODIFY_WRITE_OPERATION
  }
}

/** Whether an operation writes a value, hence carries a payload. */
export function isWrite(operation: number): boolean {
  return operation !== READ_OPERATION
}
