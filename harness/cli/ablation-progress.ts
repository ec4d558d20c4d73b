import type { AblationEvent } from '../experiment/ablation-request.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  PER_SECOND,
  RATIO,
} from '../render/format.ts'
import type { Ablation } from '../results/ablation.ts'
import { ProgressLine } from './progress-line.ts'
import type { ProgressSink } from './progress-line.ts'

/** Tells how an ablation goes on. `end` must be called before anything else is printed. */
export interface AblationProgress {
  onEvent(event: AblationEvent, ablation: Ablation, doneFraction: number): void
  end(): void
}

/** On a terminal one line that is rewritten, else a line per finished trial. */
export function createAblationProgress(
  sink: ProgressSink,
  plannedSeconds: number,
): AblationProgress {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, ablation, doneFraction) {
      const left = secondsLeft(ablation.run.elapsedSeconds, doneFraction, plannedSeconds)
      const text = `${left} s left, ${placeText(event, ablation)}`
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

function placeText(
  { part, group, round, of, arm, trial }: AblationEvent,
  ablation: Ablation,
): string {
  const what = part === 'capacity' ? 'capacity' : `p99 at ${ablation.load?.label ?? ''}`
  const which = group === 'ends' ? 'ends alone' : 'chain'
  const figure = trial === null ? 'measuring' : figureText(part, trial)
  return `${what}, round ${round}/${of}, ${which}: arm ${arm + 1}/${ablation.arms.length} ${figure}${ratioText(part, ablation)}`
}

function figureText(
  part: AblationEvent['part'],
  trial: NonNullable<AblationEvent['trial']>,
): string {
  return part === 'capacity'
    ? formatQuantity(trial.achievedPerSecond, PER_SECOND)
    : formatLatency(trial.p99)
}

/** Last ÷ first over the whole rounds so far. */
function ratioText(part: AblationEvent['part'], { product }: Ablation): string {
  const ratio = part === 'capacity' ? product.throughput : product.p99
  return ratio === null ? '' : `, last ÷ first ${formatEstimate(ratio, RATIO)}`
}
