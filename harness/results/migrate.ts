import { SCHEMA_VERSION } from './schema.ts'

/**
 * Versions of a report that can be read. Version 1 is not among them: it knew neither the flags of node nor the threshold
 * of a verdict, and nothing stands for "not known" there.
 */
export const READABLE_VERSIONS: readonly number[] = [2, SCHEMA_VERSION]

type Fields = Record<string, unknown>

/** Not counted then. */
const COUNTERS_SINCE = {
  voluntarySwitchesPerRequest: null,
  involuntarySwitchesPerRequest: null,
  minorFaults: null,
  majorFaults: null,
  handoffBatches: null,
  messageBatches: null,
  queueLockAcquisitions: null,
  contendedQueueLockAcquisitions: null,
  workingTurns: null,
  idleTurns: null,
  garbageCollections: null,
}
const THREAD_SINCE = {
  longestGapNs: null,
  workingTurns: null,
  idleTurns: null,
  wakeUps: null,
  parks: null,
  garbageCollections: null,
}

/**
 * Makes a report of a readable version one of the present version, in place. Only what an earlier crossover did not write
 * is filled in, and only where null means that it is not known or where there was no choice then: version 2 had no
 * transport but replay. Fields came within version 3, too. What is otherwise wrong stays as it is, for the schema to find.
 */
export function migrateReport(report: Fields): void {
  report['schemaVersion'] = SCHEMA_VERSION
  fillIn(report, { bandNote: null })
  for (const run of objectsIn([report['run']])) fillIn(run, { transport: { kind: 'replay' } })
  for (const trial of trialsOf(report)) migrateTrial(trial)
}

function migrateTrial(trial: Fields): void {
  fillIn(trial, { attribution: null, client: null })
  for (const counters of objectsIn([trial['counters']])) fillIn(counters, COUNTERS_SINCE)
  for (const thread of objectsIn(trial['threads'])) fillIn(thread, THREAD_SINCE)
  for (const attribution of objectsIn([trial['attribution']])) {
    // A list then: shares by the longest single part. Waits in several queues counted apart: they cannot be added up.
    if (Array.isArray(attribution['slowestByCause'])) attribution['slowestByCause'] = {}
  }
}

function trialsOf(report: Fields): readonly Fields[] {
  const pairs = objectsIn(report['loads']).flatMap((load) => objectsIn(load['pairs']))
  const references = objectsIn([report['reference']])
  return [
    ...pairs.flatMap((pair) => [...objectsIn(pair['trials']), ...objectsIn(pair['discarded'])]),
    ...references.flatMap((reference) => objectsIn(reference['trials'])),
  ]
}

function fillIn(fields: Fields, values: Fields): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(fields, name)) fields[name] = value
  }
}

/** The objects among the elements of a list or the values of an object. */
function objectsIn(values: unknown): readonly Fields[] {
  return (typeof values === 'object' && values !== null ? Object.values(values) : []).filter(
    (value): value is Fields => typeof value === 'object' && value !== null,
  )
}
