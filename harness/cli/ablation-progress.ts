import type { AblationEvent } from '../experiment/ablation-request.ts'
import type { Advance } from '../experiment/run-request.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  PER_SECOND,
  RATIO,
} from '../render/format.ts'
import type { Ablation } from '../results/ablation.ts'
import { ProgressLine } from './progress-line.ts'
import { leftText } from './progress-plan.ts'
import type { ProgressSink } from './progress-line.ts'

/** Tells how an ablation goes on. `end` must be called before anything else is printed. */
export interface AblationProgress {
  onEvent(event: AblationEvent, ablation: Ablation, advance: Advance): void
  end(): void
}

/** On a terminal one line that is rewritten, else a line per finished trial. */
export function createAblationProgress(sink: ProgressSink): AblationProgress {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, ablation, advance) {
      const text = `${leftText(advance)}, ${placeText(event, ablation)}`
      if (line.isRewritten) line.draw(text)
      else if (event.trial !== null) line.keep(text)
    },
    end() {
      line.end()
    },
  }
}

function placeText(event: AblationEvent, ablation: Ablation): string {
  const { part, group, round, of, arm, trial, doing } = event
  const which = arm === null ? '' : `arm ${arm + 1}/${ablation.arms.length}`
  if (part === null) return `round ${round}/${of}, ${doing}${which === '' ? '' : `: ${which}`}`
  const what = part === 'capacity' ? 'throughput' : `p99 at ${ablation.load?.label ?? ''}`
  const who = group === 'ends' ? 'ends alone' : 'chain'
  const figure = trial === null ? doing : figureText(part, trial)
  return `${what}, round ${round}/${of}, ${who}: ${which} ${figure}${ratioText(part, ablation)}`
}

function figureText(
  part: NonNullable<AblationEvent['part']>,
  trial: NonNullable<AblationEvent['trial']>,
): string {
  return part === 'capacity'
    ? formatQuantity(trial.achievedPerSecond, PER_SECOND)
    : formatLatency(trial.p99)
}

/** Last ÷ first over the whole rounds so far. */
function ratioText(part: NonNullable<AblationEvent['part']>, { product }: Ablation): string {
  const ratio = part === 'capacity' ? product.throughput : product.p99
  return ratio === null ? '' : `, last ÷ first ${formatEstimate(ratio, RATIO)}`
}
