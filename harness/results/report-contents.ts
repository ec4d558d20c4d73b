import { decodeHistogram } from './histogram.ts'
import type { Report, Trial } from './schema.ts'

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

function* placedTrials({ loads, reference }: Report): Generator<PlacedTrial> {
  for (const [load, { pairs }] of loads.entries()) {
    for (const [pair, { trials, discarded }] of pairs.entries()) {
      const place = ['loads', load, 'pairs', pair]
      for (const [arm, trial] of Object.entries(trials)) {
        yield { path: [...place, 'trials', arm], trial, arm }
      }
      for (const [index, trial] of discarded.entries()) {
        yield { path: [...place, 'discarded', index], trial, arm: trial.arm }
      }
    }
  }
  for (const [index, trial] of (reference?.trials ?? []).entries()) {
    yield { path: ['reference', 'trials', index], trial, arm: reference?.arm.label ?? '' }
  }
}

function armContradiction(
  { arms, reference }: Report,
  path: readonly PropertyKey[],
  arm: string,
): Contradiction | undefined {
  const labels = [...arms, ...(reference === null ? [] : [reference.arm])].map(({ label }) => label)
  return labels.includes(arm)
    ? undefined
    : { path, what: `no such arm, expected ${JSON.stringify(labels)}` }
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
