import { valueText } from '../base/value-text.ts'
import type { Advance } from '../experiment/run-request.ts'
import type { SweepEvent } from '../experiment/sweep-request.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  formatTime,
  PER_SECOND,
  RATIO,
} from '../render/format.ts'
import { judgedRatio, metricText } from '../render/sweep-sentence.ts'
import type { PointTrial } from '../results/point-pair.ts'
import type { Sweep } from '../results/sweep.ts'
import { ProgressLine } from './progress-line.ts'
import { leftText } from './progress-plan.ts'
import type { ProgressSink } from './progress-line.ts'

/** Tells how a sweep goes on. `end` must be called before anything else is printed. */
export interface SweepProgress {
  onEvent(event: SweepEvent, sweep: Sweep, advance: Advance): void
  end(): void
}

/** On a terminal one line that is rewritten, else a line per finished trial. */
export function createSweepProgress(sink: ProgressSink): SweepProgress {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, sweep, advance) {
      const text = `${leftText(advance)}, ${placeText(event, sweep)}`
      if (line.isRewritten) line.draw(text)
      else if (event.trial !== null) line.keep(text)
    },
    end() {
      line.end()
    },
  }
}

function placeText(event: SweepEvent, sweep: Sweep): string {
  const { part, round, of, value, arm, trial, doing } = event
  const { over } = sweep
  const where =
    part === null && over.subject === 'load' ? '' : ` at ${over.name} ${valueText(over, value)}`
  const who = arm === null ? '' : ` ${arm}`
  if (part === null)
    return `round ${round}/${of}, ${doing}${where}${arm === null ? '' : ' of'}${who}`
  const what = `${part === 'closed' ? 'throughput' : 'latency'}${where}`
  const figure = trial === null ? 'measuring' : figureText(part, trial, sweep)
  return `round ${round}/${of}, ${what}:${who} ${figure}${ratioText(value, sweep)}`
}

function figureText(part: SweepEvent['part'], trial: PointTrial, { run }: Sweep): string {
  if (part === 'closed' || run.metric === 'achievedPerSecond')
    return formatQuantity(trial.achievedPerSecond, PER_SECOND)
  if (run.metric !== 'cpuPerRequest')
    return `${metricText(run.metric)} ${formatLatency(trial.percentiles[run.metric])}`
  return trial.cpuPerRequestNs === null ? 'not available' : formatTime(trial.cpuPerRequestNs)
}

/** Second ÷ first over the pairs of this value so far. */
function ratioText(value: number, sweep: Sweep): string {
  const here = sweep.values.find((candidate) => candidate.value === value)
  const ratio = here && judgedRatio(sweep, here)
  return ratio ? `, ratio ${formatEstimate(ratio, RATIO)}` : ''
}
