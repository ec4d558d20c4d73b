import { decodeHistogram } from './histogram.ts'
import type { Report, Trial, TrialSet } from './schema.ts'

/** A place in a report whose shape is right and whose content is not possible. */
export interface Contradiction {
  readonly path: readonly PropertyKey[]
  readonly what: string
  readonly cause?: unknown
}

/**
 * The first thing in a report that no run writes: a start that is no instant, a trial of an arm that is not compared, a
 * histogram that cannot be decoded or counts other requests than its trial. Undefined when there is none. Decodes every
 * histogram: about a millisecond each.
 */
export function findContradiction(report: Report): Contradiction | undefined {
  if (Number.isNaN(Date.parse(report.run.startedAt))) {
    return {
      path: ['run', 'startedAt'],
      what: 'expected an instant, e.g. 2026-01-31T12:00:00.000Z',
    }
  }
  const unknownArms = comparisonContradiction(report)
  if (unknownArms !== undefined) return unknownArms
  for (const { path, trial, arm } of placedTrials(report)) {
    const found = armContradiction(report, path, arm) ?? countContradiction(path, trial)
    if (found !== undefined) return found
  }
  return undefined
}

interface PlacedTrial {
  readonly path: readonly PropertyKey[]
  readonly trial: Trial
  readonly arm: string
}

function* placedTrials({ loads }: Report): Generator<PlacedTrial> {
  for (const [load, { sets }] of loads.entries()) {
    for (const [index, set] of sets.entries()) {
      const place = ['loads', load, 'sets', index]
      yield* trialsAt(place, set)
      for (const [attempt, discarded] of set.discarded.entries()) {
        yield* trialsAt([...place, 'discarded', attempt], discarded)
      }
    }
  }
}

function* trialsAt(
  place: readonly PropertyKey[],
  { trials }: Pick<TrialSet, 'trials'>,
): Generator<PlacedTrial> {
  for (const [arm, trial] of Object.entries(trials)) {
    yield { path: [...place, 'trials', arm], trial, arm }
  }
}

/** A comparison of arms that are not there could not be shown. */
function comparisonContradiction({ arms, comparisons }: Report): Contradiction | undefined {
  const labels = arms.map(({ label }) => label)
  for (const [index, compared] of comparisons.entries()) {
    for (const place of ['first', 'second'] as const) {
      if (labels.includes(compared[place])) continue
      return { path: ['comparisons', index, place], what: noSuchArm(labels) }
    }
  }
  return undefined
}

function armContradiction(
  { arms }: Report,
  path: readonly PropertyKey[],
  arm: string,
): Contradiction | undefined {
  const labels = arms.map(({ label }) => label)
  return labels.includes(arm) ? undefined : { path, what: noSuchArm(labels) }
}

function noSuchArm(labels: readonly string[]): string {
  return `no such arm, expected ${JSON.stringify(labels)}`
}

function countContradiction(
  path: readonly PropertyKey[],
  { histogram, counts }: Trial,
): Contradiction | undefined {
  try {
    const { totalCount } = decodeHistogram(histogram)
    return totalCount === counts.completed
      ? undefined
      : {
          path: [...path, 'counts', 'completed'],
          what: `${counts.completed}, its histogram holds ${totalCount}`,
        }
  } catch (cause) {
    return {
      path: [...path, 'histogram'],
      what: 'expected HdrHistogram V2, compressed, in base64',
      cause,
    }
  }
}
