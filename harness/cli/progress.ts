import type { RunEvent } from '../experiment/run-request.ts'
import { formatLatency, formatQuantity, PER_SECOND } from '../render/format.ts'
import { liveBlock } from '../render/live-block.ts'
import { wrap } from '../render/terminal-text.ts'
import type { Report } from '../results/schema.ts'
import { canRewrite, liveOptions, type TerminalEnvironment } from './live-ability.ts'
import { LiveDrawer } from './live-drawer.ts'
import { type LiveEvent, liveMoment } from './live-moment.ts'
import { ProgressLine } from './progress-line.ts'
import type { ProgressSink } from './progress-line.ts'
import { leftText, type ProgressPlan, progressTime } from './progress-plan.ts'
import { runningFigures } from './running-figures.ts'

/** Tells how a run goes on. `end` must be called before anything else is printed. */
export interface Progress {
  onEvent(event: RunEvent, report: Report, doneFraction: number): void
  end(): void
}

/**
 * On a terminal a block of lines that is drawn anew, on a small one a line; else, and where nothing can be rewritten, a
 * line per finished trial. Verdicts stay in all of them. Nothing is drawn between events: a spinner would take processor
 * time from the trial that it announces.
 */
export function createProgress(
  sink: ProgressSink,
  plan: ProgressPlan,
  environment: TerminalEnvironment = process.env,
): Progress {
  return canRewrite(sink, environment)
    ? rewrittenProgress(sink, plan, environment)
    : plainProgress(sink, plan)
}

function plainProgress(sink: ProgressSink, plan: ProgressPlan): Progress {
  // Also on a terminal that cannot rewrite.
  const line = new ProgressLine({ write: (text) => sink.write(text) })
  return {
    onEvent(event, report, doneFraction) {
      if (event.kind === 'verdict') line.keep(event.sentence)
      else if (!isBeginning(event)) line.keep(lineText(event, report, doneFraction, plan))
    },
    end() {},
  }
}

/** A terminal may be resized: whether there is room for the block is asked at each event. */
function rewrittenProgress(
  sink: ProgressSink,
  plan: ProgressPlan,
  environment: TerminalEnvironment,
): Progress {
  const line = new ProgressLine(sink)
  const drawer = new LiveDrawer(sink)
  let isLine = false
  return {
    onEvent(event, report, doneFraction) {
      const options = liveOptions(sink, environment)
      if (options === null) drawer.end()
      else if (isLine) line.end()
      isLine = options === null
      if (event.kind === 'verdict') {
        if (options === null) line.keep(event.sentence)
        else drawer.keep(wrap(event.sentence, options.columns, 2))
      } else if (options === null) {
        line.draw(lineText(event, report, doneFraction, plan))
      } else {
        drawer.draw(liveBlock(report, liveMoment(event, report, doneFraction, plan), options))
      }
    },
    end() {
      if (isLine) line.end()
      else drawer.end()
    },
  }
}

function lineText(
  event: LiveEvent,
  report: Report,
  doneFraction: number,
  plan: ProgressPlan,
): string {
  const time = progressTime(report, doneFraction, plan, event.kind === 'reference')
  return `${leftText(time)}, ${describe(event, report)}`
}

function isBeginning(event: LiveEvent): boolean {
  if (event.kind === 'capacity') return event.perSecond === null
  if (event.kind === 'probe') return event.kept === null
  return event.kind === 'trial-started'
}

function describe(event: LiveEvent, report: Report): string {
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
