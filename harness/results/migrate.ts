import { SCHEMA_VERSION } from './schema.ts'

/**
 * Versions of a report that can be read. Version 1 is not among them: it knew neither the flags of node nor the threshold
 * of a verdict, and nothing stands for "not known" there.
 */
export const READABLE_VERSIONS: readonly number[] = [2, 3, SCHEMA_VERSION]

type Fields = Record<string, unknown>

const FIRST_WITH_ROUNDS = 4

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
 * transport but replay. Fields came within version 3, too. Versions before 4 compared two arms, pair by pair, each trial on
 * threads of its own: they have no rounds, their capacity is that of a closed window, and the arm measured beside the two
 * is left out. What is otherwise wrong stays as it is, for the schema to find.
 */
export function migrateReport(report: Fields): void {
  if (Number(report['schemaVersion']) < FIRST_WITH_ROUNDS) intoSets(report)
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

function intoSets(report: Fields): void {
  const [first, second] = objectsIn(report['arms']).map(({ label }) => label)
  const compared = { first, second }
  fillIn(report, { comparisons: [compared], rounds: [] })
  delete report['reference']
  for (const run of objectsIn([report['run']])) rename(run, 'plannedPairs', 'plannedRounds')
  for (const capacity of objectsIn([report['capacity']])) {
    rename(capacity, 'arms', 'saturated')
    fillIn(capacity, { sustained: {}, sustainedRatios: [null] })
  }
  for (const load of objectsIn(report['loads'])) {
    rename(load, 'pairs', 'sets')
    for (const set of objectsIn(load['sets'])) {
      rename(set, 'index', 'round')
      // What is no list stays for the schema to find.
      if (Array.isArray(set['discarded'])) set['discarded'] = objectsIn(set['discarded']).map(alone)
    }
    const { comparison: ratios = null, verdict = null } = load
    load['comparisons'] = [{ ...compared, ratios, verdict }]
    delete load['comparison']
    delete load['verdict']
  }
}

/** Single trials were repeated then, not sets: the one that failed is all of it. */
function alone(trial: Fields): Fields {
  const failed = objectsIn(trial['gates']).find(({ passed }) => passed === false)
  const { arm } = trial
  return { cause: failed?.['name'] ?? 'unknown', arm, trials: { [String(arm)]: trial } }
}

function rename(fields: Fields, before: string, after: string): void {
  if (!Object.hasOwn(fields, before)) return
  fields[after] = fields[before]
  delete fields[before]
}

function trialsOf(report: Fields): readonly Fields[] {
  const sets = objectsIn(report['loads']).flatMap((load) => objectsIn(load['sets']))
  return sets.flatMap((set) =>
    [set, ...objectsIn(set['discarded'])].flatMap(({ trials }) => objectsIn(trials)),
  )
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
