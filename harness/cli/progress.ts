import type { RunEvent } from '../experiment/run-request.ts'
import { formatLatency, formatQuantity, PER_SECOND } from '../render/format.ts'
import type { Report } from '../results/schema.ts'
import { ProgressLine } from './progress-line.ts'
import type { ProgressSink } from './progress-line.ts'
import { runningFigures } from './running-figures.ts'

/** Tells how a run goes on. `end` must be called before anything else is printed. */
export interface Progress {
  onEvent(event: RunEvent, report: Report, doneFraction: number): void
  end(): void
}

/**
 * On a terminal one line that is rewritten, else a line per finished trial; verdicts stay in both. Nothing is drawn
 * between events: a spinner would take processor time from the trial that it announces.
 */
export function createProgress(sink: ProgressSink, plannedSeconds: number): Progress {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, report, doneFraction) {
      if (event.kind === 'verdict') {
        line.keep(event.sentence)
        return
      }
      const text = `${remaining(report, doneFraction, plannedSeconds)}, ${describe(event, report)}`
      if (line.isRewritten) line.draw(text)
      else if (!isBeginning(event)) line.keep(text)
    },
    end() {
      line.end()
    },
  }
}

function isBeginning(event: RunEvent): boolean {
  if (event.kind === 'capacity') return event.perSecond === null
  if (event.kind === 'probe') return event.kept === null
  return event.kind === 'trial-started'
}

function describe(event: Exclude<RunEvent, { kind: 'verdict' }>, report: Report): string {
  switch (event.kind) {
    case 'capacity': {
      const figure =
        event.perSecond === null ? 'measuring' : formatQuantity(event.perSecond, PER_SECOND)
      return `capacity of ${event.arm} ${event.trial}/${event.of}: ${figure}`
    }
    case 'trial-started':
      return `${event.load} pair ${event.pair}/${event.of}${runningFigures(event.load, report)}, measuring ${event.arm}`
    case 'trial-ended':
      return `${event.load} pair ${event.pair}/${event.of}${runningFigures(event.load, report)}, ${event.trial.arm} done`
    case 'repeated':
      return `${event.load} pair ${event.pair}, ${event.arm} again (attempt ${event.attempt}): ${event.gate}`
    case 'probe':
      return `${event.arm} at ${formatQuantity(event.offeredPerSecond, PER_SECOND)}: ${outcome(event, report)}`
    case 'reference':
      return `beside them: ${event.arm}`
  }
}

function outcome(
  { latency, kept }: Extract<RunEvent, { kind: 'probe' }>,
  { objective }: Report,
): string {
  if (kept === null) return 'measuring'
  const figure = objective?.percentile.replace('_', '.') ?? 'latency'
  const told = latency === null ? `no ${figure}` : `${figure} ${formatLatency(latency)}`
  return `${told}, objective ${kept ? 'kept' : 'missed'}`
}

/** By the plan at first, then by how fast the run really goes. */
function remaining(report: Report, doneFraction: number, plannedSeconds: number): string {
  const pace = doneFraction > 0.05 ? report.run.elapsedSeconds / doneFraction : plannedSeconds
  const left = Math.max(0, Math.round(pace * (1 - doneFraction)))
  return left < 120 ? `${left} s left` : `${Math.round(left / 60)} min left`
}
