import { emptyHistogram, encodeHistogram } from './histogram.ts'
import type { Report, Trial } from './schema.ts'

/*
 * A result seen for one class of requests: counts and latencies are those of the class, and all else (throughput, CPU time, gates,
 * attribution) is what it is, of all requests. Whoever compares trials need not know of classes then.
 */

/** What a trial says of a class that it did not count: it has no figure. */
function unknownClass(name: string): NonNullable<Trial['classes']>[number] {
  const nothing = { ns: 0, atLeast: false }
  return {
    name,
    counts: { due: 0, completed: 0, refused: 0, unanswered: 0 },
    histogram: encodeHistogram(emptyHistogram()),
    minNs: 0,
    maxNs: 0,
    percentiles: { p50: nothing, p90: nothing, p99: nothing, p99_9: nothing, max: nothing },
  }
}

/** The trial seen for this class; itself for null. One that did not count it (`classes` is null) has no latencies. */
export function trialOfClass(trial: Trial, requestClass: string | null): Trial {
  if (requestClass === null) return trial
  const { name: _, ...latencies } =
    trial.classes?.find(({ name }) => name === requestClass) ?? unknownClass(requestClass)
  return { ...trial, ...latencies }
}

type Trials = Readonly<Record<string, Trial>>

function trialsOfClass(trials: Trials, requestClass: string): Record<string, Trial> {
  return Object.fromEntries(
    Object.entries(trials).map(([arm, trial]) => [arm, trialOfClass(trial, requestClass)]),
  )
}

/** The load's sets seen for this class; itself for null. */
export function loadOfClass<L extends Pick<Report['loads'][number], 'sets'>>(
  load: L,
  requestClass: string | null,
): L {
  if (requestClass === null) return load
  const sets = load.sets.map((set) => ({
    ...set,
    trials: trialsOfClass(set.trials, requestClass),
    ...(set.atEqualPolicy && { atEqualPolicy: trialsOfClass(set.atEqualPolicy, requestClass) }),
  }))
  return { ...load, sets }
}

/** The report seen for this class; itself for null. */
export function reportOfClass(report: Report, requestClass: string | null): Report {
  if (requestClass === null) return report
  return { ...report, loads: report.loads.map((load) => loadOfClass(load, requestClass)) }
}

/** Names of the classes that its trials counted, in the scenario's order; empty where they counted none. */
export function classNames({ loads }: Pick<Report, 'loads'>): readonly string[] {
  for (const { sets } of loads)
    for (const { trials } of sets)
      for (const { classes } of Object.values(trials))
        if (classes !== null) return classes.map(({ name }) => name)
  return []
}
