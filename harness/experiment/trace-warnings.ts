import type { Report } from '../results/schema.ts'
import type { RunRequest } from './run-request.ts'

/** A percentile of fewer requests says little: of p99 ten are behind it. */
const FEWEST_REQUESTS = 1_000

/** A doubt for each load at which a trial plays but a few requests of a log; none where requests are drawn. */
export function traceWarnings({
  loaded,
  loads,
  objective,
  durationSeconds,
}: Pick<RunRequest, 'loaded' | 'loads' | 'objective' | 'durationSeconds'>): Report['warnings'] {
  if (loaded.log === undefined || objective !== null) return []
  return loads.flatMap((load) => {
    if (load.kind !== 'absolute') return []
    const played = Math.round(load.perSecond * durationSeconds)
    if (played >= FEWEST_REQUESTS) return []
    return {
      code: 'few-requests',
      message: `a trial plays about ${played} requests of the log, too few for its tail: load=${load.label}`,
      cure: 'play it longer, e.g. --duration 10s, or faster, e.g. --loads 50%',
    }
  })
}
