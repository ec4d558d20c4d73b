import { readRow } from '../render/index-read-row.ts'
import { closedRow, type IndexRow, sortedRows, unreadableRow } from '../render/index-row.ts'
import { loadMeasurement } from '../results/index-measurement.ts'
import { findMeasurements, type IndexSource } from '../results/index-sources.ts'

/**
 * A row for each measurement in a folder and below it, newest first. Files are read one at a time and only rows are kept; a
 * file that cannot be read or shown becomes a row that says so. Throws a usage error when the folder cannot be read or holds
 * nothing.
 */
export function gatherIndex(folder: string): readonly IndexRow[] {
  const { sources, closed } = findMeasurements(folder)
  return sortedRows([
    ...sources.map(rowOf),
    ...closed.map(({ folder: path, failure }) => closedRow(path, failure)),
  ])
}

function rowOf(source: IndexSource): IndexRow {
  try {
    return readRow(source, loadMeasurement(source))
  } catch (failure) {
    return unreadableRow(source, failure)
  }
}
