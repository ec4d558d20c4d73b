import { valueText } from '../base/value-text.ts'
import type { FindEvent } from '../experiment/find-request.ts'
import type { Advance } from '../experiment/run-request.ts'
import { shortCrossingText } from '../render/crossing-sentence.ts'
import {
  formatLatency,
  formatQuantity,
  formatTime,
  NOT_AVAILABLE,
  PER_SECOND,
} from '../render/format.ts'
import type { CrossingSearch } from '../results/crossing.ts'
import type { PointTrial } from '../results/point-pair.ts'
import { ProgressLine } from './progress-line.ts'
import { leftText } from './progress-plan.ts'
import type { ProgressSink } from './progress-line.ts'

/** Tells how a search goes on. `end` must be called before anything else is printed. */
export interface FindProgress {
  onEvent(event: FindEvent, search: CrossingSearch, advance: Advance): void
  end(): void
}

/** On a terminal one line that is rewritten, else a line per finished trial. */
export function createFindProgress(sink: ProgressSink): FindProgress {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, search, advance) {
      const text = `at most ${leftText(advance)}, ${placeText(event, search)}`
      if (line.isRewritten) line.draw(text)
      else if (event.trial !== null) line.keep(text)
    },
    end() {
      line.end()
    },
  }
}

/** The crossing so far stands first: a narrow terminal cuts the end off. */
function placeText(event: FindEvent, search: CrossingSearch): string {
  const { part, pair, value, arm, trial, doing } = event
  const { over } = search
  const at = ` at ${over.name} ${valueText(over, value)}`
  const place = `${shortCrossingText(search)}, pair ${pair}`
  if (part === null) return `${place}, ${doing}${at}${arm === null ? '' : ` of ${arm}`}`
  return `${place}${at}: ${arm} ${trial === null ? doing : figureText(part, trial, search)}`
}

function figureText(part: FindEvent['part'], trial: PointTrial, { run }: CrossingSearch): string {
  if (part === 'closed' || run.metric === 'achievedPerSecond')
    return formatQuantity(trial.achievedPerSecond, PER_SECOND)
  if (run.metric !== 'cpuPerRequest') return formatLatency(trial.percentiles[run.metric])
  return trial.cpuPerRequestNs === null ? NOT_AVAILABLE : formatTime(trial.cpuPerRequestNs)
}
