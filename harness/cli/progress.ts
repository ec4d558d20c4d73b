import type { RunEvent } from '../experiment/run-request.ts'
import { formatLatency, formatQuantity, PER_SECOND, RATIO } from '../render/format.ts'
import type { Load, Report } from '../results/schema.ts'

/** Where progress goes: stderr, or a test's buffer. */
export interface ProgressSink {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Tells how a run goes on. `end` must be called before anything else is printed. */
export interface Progress {
  onEvent(event: RunEvent, report: Report, doneFraction: number): void
  end(): void
}

const ERASE_LINE = '\r\u001B[2K'

/**
 * On a terminal one line that is rewritten, else a line per finished trial; verdicts stay in both. Nothing is drawn
 * between events: a spinner would take processor time from the trial that it announces.
 */
export function createProgress(sink: ProgressSink, plannedSeconds: number): Progress {
  // What is cut off on a narrow terminal is the end: the least important stands there.
  const draw = (line: string): void => {
    sink.write(ERASE_LINE + line.slice(0, (sink.columns ?? 80) - 1))
  }
  return {
    onEvent(event, report, doneFraction) {
      if (event.kind === 'verdict') {
        sink.write(`${sink.isTTY ? ERASE_LINE : ''}${describe(event, report)}\n`)
        return
      }
      const line = `${remaining(report, doneFraction, plannedSeconds)}, ${describe(event, report)}`
      if (sink.isTTY) draw(line)
      else if (!isBeginning(event)) sink.write(`${line}\n`)
    },
    end() {
      if (sink.isTTY) sink.write(ERASE_LINE)
    },
  }
}

function isBeginning(event: RunEvent): boolean {
  return event.kind === 'trial-started' || (event.kind === 'capacity' && event.perSecond === null)
}

function describe(event: RunEvent, report: Report): string {
  switch (event.kind) {
    case 'capacity': {
      const figure =
        event.perSecond === null ? 'measuring' : formatQuantity(event.perSecond, PER_SECOND)
      return `capacity of ${event.arm} ${event.trial}/${event.of}: ${figure}`
    }
    case 'trial-started':
      return `${event.load} pair ${event.pair}/${event.of}${soFar(event.load, report)}, measuring ${event.arm}`
    case 'trial-ended':
      return `${event.load} pair ${event.pair}/${event.of}${soFar(event.load, report)}, ${event.trial.arm} done`
    case 'verdict':
      return event.sentence
    case 'reference':
      return `beside them: ${event.arm}`
  }
}

/** The last p99 of each arm, and the mean ratio of the pairs that are whole. */
function soFar(label: string, report: Report): string {
  const load = report.loads.find((candidate) => candidate.label === label)
  if (load === undefined) return ''
  const labels = report.arms.map((arm) => arm.label)
  const latest = labels.flatMap((arm) => {
    const trial = load.pairs.findLast((pair) => pair.trials[arm] !== undefined)?.trials[arm]
    return trial === undefined ? [] : `${arm} ${formatLatency(trial.percentiles.p99)}`
  })
  const ratio = runningRatio(load, labels)
  return [
    latest.length > 0 ? `, p99 ${latest.join(', ')}` : '',
    ratio === undefined ? '' : `, ratio ${formatQuantity(ratio, RATIO)}`,
  ].join('')
}

/** Geometric mean of second ÷ first over sound pairs: a ratio and its inverse must average to one. */
function runningRatio(load: Load, labels: readonly string[]): number | undefined {
  const logs = load.pairs.flatMap(({ trials }) => {
    const [first, second] = labels.map((label) => trials[label])
    if (first?.void !== null || second?.void !== null) return []
    const log = Math.log(second.percentiles.p99.ns / first.percentiles.p99.ns)
    return Number.isFinite(log) ? log : []
  })
  if (logs.length === 0) return undefined
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length)
}

/** By the plan at first, then by how fast the run really goes. */
function remaining(report: Report, doneFraction: number, plannedSeconds: number): string {
  const pace = doneFraction > 0.05 ? report.run.elapsedSeconds / doneFraction : plannedSeconds
  const left = Math.max(0, Math.round(pace * (1 - doneFraction)))
  return left < 120 ? `${left} s left` : `${Math.round(left / 60)} min left`
}
