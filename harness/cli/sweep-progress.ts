import { valueText } from '../base/value-text.ts'
import type { SweepEvent } from '../experiment/sweep-request.ts'
import { formatLatency, formatQuantity, formatTime, PER_SECOND } from '../render/format.ts'
import { boundedRatio, judgedRatio, metricText } from '../render/sweep-sentence.ts'
import type { PointTrial } from '../results/point-pair.ts'
import type { Sweep } from '../results/sweep.ts'
import { ProgressLine } from './progress-line.ts'
import type { ProgressSink } from './progress-line.ts'

/** Tells how a sweep goes on. `end` must be called before anything else is printed. */
export interface SweepProgress {
  onEvent(event: SweepEvent, sweep: Sweep, doneFraction: number): void
  end(): void
}

/** On a terminal one line that is rewritten, else a line per finished trial. */
export function createSweepProgress(sink: ProgressSink, plannedSeconds: number): SweepProgress {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, sweep, doneFraction) {
      const left = secondsLeft(sweep.run.elapsedSeconds, doneFraction, plannedSeconds)
      const text = `${left} s left, ${placeText(event, sweep)}`
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

function placeText({ part, round, of, value, arm, trial }: SweepEvent, sweep: Sweep): string {
  const { over } = sweep
  const isOneForAll = part === 'capacity' && over.subject === 'load'
  const what = isOneForAll ? 'capacity' : `${part} at ${over.name} ${valueText(over, value)}`
  const figure = trial === null ? 'measuring' : figureText(part, trial, sweep)
  return `round ${round}/${of}, ${what}: ${arm} ${figure}${ratioText(value, sweep)}`
}

function figureText(part: SweepEvent['part'], trial: PointTrial, { run }: Sweep): string {
  if (part === 'capacity' || run.metric === 'achievedPerSecond')
    return formatQuantity(trial.achievedPerSecond, PER_SECOND)
  if (run.metric !== 'cpuPerRequest')
    return `${metricText(run.metric)} ${formatLatency(trial.percentiles[run.metric])}`
  return trial.cpuPerRequestNs === null ? 'not available' : formatTime(trial.cpuPerRequestNs)
}

/** Second ÷ first over the pairs of this value so far. */
function ratioText(value: number, sweep: Sweep): string {
  const here = sweep.values.find((candidate) => candidate.value === value)
  const ratio = here && judgedRatio(sweep, here)
  return ratio ? `, ratio ${boundedRatio(ratio)}` : ''
}
