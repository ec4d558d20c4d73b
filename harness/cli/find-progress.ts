import { valueText } from '../base/value-text.ts'
import type { FindEvent } from '../experiment/find-request.ts'
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
import type { ProgressSink } from './progress-line.ts'

/** Tells how a search goes on. `end` must be called before anything else is printed. */
export interface FindProgress {
  onEvent(event: FindEvent, search: CrossingSearch, doneFraction: number): void
  end(): void
}

/** On a terminal one line that is rewritten, else a line per finished trial. */
export function createFindProgress(sink: ProgressSink, plannedSeconds: number): FindProgress {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, search, doneFraction) {
      const left = secondsLeft(search.run.elapsedSeconds, doneFraction, plannedSeconds)
      const text = `at most ${left} s left, ${placeText(event, search)}`
      if (line.isRewritten) line.draw(text)
      else if (event.trial !== null) line.keep(text)
    },
    end() {
      line.end()
    },
  }
}

/** By the plan at first, then by how fast it really goes. */
function secondsLeft(elapsed: number, doneFraction: number, plannedSeconds: number): number {
  const left =
    doneFraction > 0.05
      ? (elapsed / doneFraction) * (1 - doneFraction)
      : Math.max(0, plannedSeconds - elapsed)
  return Math.round(left)
}

/** The crossing so far stands first: a narrow terminal cuts the end off. */
function placeText({ part, pair, value, arm, trial }: FindEvent, search: CrossingSearch): string {
  const { over } = search
  const isOneForAll = part === 'capacity' && over.subject === 'load'
  const at = isOneForAll ? '' : ` at ${over.name} ${valueText(over, value)}`
  const figure = trial === null ? 'measuring' : figureText(part, trial, search)
  return part === 'capacity'
    ? `capacity${at}: ${arm} ${figure}`
    : `${shortCrossingText(search)}, pair ${pair}${at}: ${arm} ${figure}`
}

function figureText(part: FindEvent['part'], trial: PointTrial, { run }: CrossingSearch): string {
  if (part === 'capacity' || run.metric === 'achievedPerSecond')
    return formatQuantity(trial.achievedPerSecond, PER_SECOND)
  if (run.metric !== 'cpuPerRequest') return formatLatency(trial.percentiles[run.metric])
  return trial.cpuPerRequestNs === null ? NOT_AVAILABLE : formatTime(trial.cpuPerRequestNs)
}
