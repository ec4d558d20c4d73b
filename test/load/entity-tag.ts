import { TAG_DIGITS } from '../../harness/workload/http-messages.ts'

/** The entity tag of a version, as a server sends it. */
export function entityTag(version: number, checksum: number): string {
  return `"${hexadecimal(version)}-${hexadecimal(checksum)}"`
}

function hexadecimal(word: number): string {
  return (word >>> 0).toString(16).padStart(TAG_DIGITS, '0')
}
