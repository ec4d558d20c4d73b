import type { Totals } from '../contract/scenario.ts'

/**
 * The check that suits every workload of reads and version-incrementing updates: after the drain each key's version is
 * the number of its answered updates, its checksum fits, and no reply carried a version that the key never reached.
 * Returns the first wrong answer as a sentence, or undefined.
 */
export function eachAnswerRight(totals: Totals): string | undefined {
  for (let key = 0; key < totals.recordCount; key++) {
    const version = totals.finalVersion(key)
    const updates = totals.answeredUpdates(key)
    if (version !== updates) {
      return `lost or doubled update: key=${key} finalVersion=${version} answeredUpdates=${updates}`
    }
    if (totals.finalChecksum(key) !== totals.expectedChecksum(key, version)) {
      return `torn value: key=${key} version=${version} has a checksum of another value`
    }
    if (totals.largestVersion(key) > version) {
      return `reply from nowhere: key=${key} largestVersion=${totals.largestVersion(key)} finalVersion=${version}`
    }
  }
  return undefined
}
