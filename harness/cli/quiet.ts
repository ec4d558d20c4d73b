import { type Clock, monotonicOriginNs, ThreadClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { readKernelText } from '../base/kernel.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import type { MeasurementFolder } from '../results/folder.ts'
import { lookAtMachine, machineDoubts, type MachineLook } from '../trial/machine-look.ts'
import { counted, formatPercent, formatSpan } from '../words/format.ts'
import { watchInterruption } from './failure.ts'
import { canRewrite, ProgressLine, type ProgressSink } from './progress/terminal.ts'

/** What is about to be measured. */
interface Asked {
  /** Those of the servers. */
  readonly cpus: readonly number[]
  /** It measures no times: whether the machine is quiet is of no account. @default false */
  readonly answersOnly?: boolean
}

type QuietFlags = { readonly waitQuiet?: number }

/** Whether it matters to what is asked for what other programs do, unless the user says that it does not. */
export function mindsOthers(
  { answersOnly = false }: Pick<Asked, 'answersOnly'>,
  { waitQuiet }: QuietFlags,
): boolean {
  return !answersOnly && waitQuiet !== 0
}

/** The machine, and who waits in front of it; a test's stand-in. */
export interface Waiting {
  /** @throws when the signal ends it */
  look(seconds: number, signal: AbortSignal): Promise<MachineLook | null>
  doubts(): readonly string[]
  readonly clock: Pick<Clock, 'nowNs'>
  readonly sink: ProgressSink
  /** Calls when a key was pressed, until what it returns is called; null where nobody can press one. */
  readonly onKey: ((pressed: () => void) => () => void) | null
}

/** What is told has to be told within two seconds of the command. */
const FIRST_LOOK_SECONDS = 0.7
const LOOK_SECONDS = 1
/** Somebody at a terminal can go on by a key, and end what disturbs. */
const TERMINAL_WAIT_SECONDS = 120
const USUAL_WAIT_SECONDS = 60

/**
 * Looks at the machine before anything is measured, tells of a busy one and waits until it is quiet, at most as long as `--wait-quiet`
 * says; then it goes on in any case. 0 does not look at all. Takes 0.7 s on a quiet machine.
 * @param folder has been made, so that one that cannot be is told before anybody waits; an interruption leaves it only with contents
 * @throws CrossoverError of kind `run` when it is interrupted meanwhile.
 */
export async function waitForQuiet(
  asked: Asked,
  flags: QuietFlags,
  folder: Pick<MeasurementFolder<object>, 'discardIfEmpty'>,
  waiting: Waiting = thisMachine(asked.cpus),
): Promise<void> {
  if (!mindsOthers(asked, flags)) return
  const line = new ProgressLine(waiting.sink)
  const { signal, stop } = watchInterruption(line, '; nothing was measured', () =>
    folder.discardIfEmpty(),
  )
  try {
    const look = await waiting.look(FIRST_LOOK_SECONDS, signal)
    const busy = look === null || look.isQuiet ? null : look
    if (busy !== null) line.keep(`! ${busyText(busy, asked.cpus)}`)
    for (const doubt of waiting.doubts()) line.keep(`! ${doubt}`)
    if (busy !== null) await waitBusy(busy, { waitQuiet: flags.waitQuiet, line, signal, waiting })
  } catch (error) {
    folder.discardIfEmpty()
    if (!signal.aborted) throw error
    throw runError('interrupted', 'interrupted before anything was measured', undefined, error)
  } finally {
    stop()
  }
}

/** Waits in front of a busy machine, and says how that ended. */
async function waitBusy(
  first: MachineLook,
  parts: {
    readonly waitQuiet: number | undefined
    readonly line: ProgressLine
    readonly signal: AbortSignal
    readonly waiting: Waiting
  },
): Promise<void> {
  const { line, signal, waiting } = parts
  const { onKey, clock } = waiting
  const mostSeconds =
    parts.waitQuiet ?? (onKey === null ? USUAL_WAIT_SECONDS : TERMINAL_WAIT_SECONDS)
  const key = new AbortController()
  const release = onKey?.(() => key.abort())
  const goesOn = onKey === null ? '--wait-quiet 0 does not wait' : 'a key goes on at once'
  line.keep(`waiting up to ${formatSpan(mostSeconds)} for a quiet machine; ${goesOn}`)
  const beganSeconds = clock.nowNs() / NS_PER_SECOND
  let look: MachineLook | null = first
  let waitedSeconds = 0
  try {
    while (look !== null && !look.isQuiet && waitedSeconds < mostSeconds && !key.signal.aborted) {
      line.draw(`${shareText(look)}; ${formatSpan(mostSeconds - waitedSeconds)} left; ${goesOn}`)
      look = await waiting.look(LOOK_SECONDS, AbortSignal.any([signal, key.signal]))
      waitedSeconds = clock.nowNs() / NS_PER_SECOND - beganSeconds
    }
  } catch (error) {
    if (!key.signal.aborted || signal.aborted) throw error
  } finally {
    release?.()
    line.end()
  }
  if (look === null || look.isQuiet) line.keep(`quiet after ${formatSpan(waitedSeconds)}`)
  else if (key.signal.aborted) line.keep(`going on by a key: ${shareText(look)}`)
  else {
    line.keep(
      `still busy after ${formatSpan(waitedSeconds)} (${shareText(look)}): measuring all the same; trials that are disturbed get marked`,
    )
  }
}

function shareText({ othersShare, stealShare }: MachineLook): string {
  const others = `other programs use ${formatPercent(othersShare, 0)}`
  return stealShare < 0.01 ? others : `${others}, other machines ${formatPercent(stealShare, 0)}`
}

/** `other programs use 59 % of these 2 processors (python3 58 %)`. */
function busyText(look: MachineLook, cpus: readonly number[]): string {
  const programs = look.programs.map(({ name, share }) => `${name} ${formatPercent(share, 0)}`)
  const names = programs.length === 0 ? '' : ` (${programs.join(', ')})`
  const these = cpus.length === 1 ? 'this processor' : `these ${counted(cpus.length, 'processor')}`
  return `${shareText(look)} of ${these}${names}: figures would be theirs as well`
}

function thisMachine(cpus: readonly number[]): Waiting {
  const clock = new ThreadClock(monotonicOriginNs())
  const sink: ProgressSink = process.stderr
  const isAtTerminal =
    canRewrite(sink, process.env) && process.stdin.isTTY === true && isInForeground()
  return {
    look: (seconds, signal) => lookAtMachine(cpus, clock, seconds, signal),
    doubts: () => machineDoubts(cpus),
    clock,
    sink,
    onKey: isAtTerminal ? onTerminalKey : null,
  }
}

// Fields of /proc/self/stat behind the command's name, see proc(5).
const PROCESS_GROUP = 2
const TERMINAL_GROUP = 5

/** Whoever reads from the terminal in the background is stopped. */
function isInForeground(): boolean {
  const stat = readKernelText('/proc/self/stat') ?? ''
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[PROCESS_GROUP] === fields[TERMINAL_GROUP]
}

const CONTROL_C = 3

/** Each key by itself: then the terminal makes no signal of Ctrl-C any more. */
function onTerminalKey(pressed: () => void): () => void {
  const { stdin } = process
  const onData = (typed: Buffer): void => {
    if (typed[0] === CONTROL_C) process.kill(process.pid, 'SIGINT')
    else pressed()
  }
  stdin.setRawMode(true)
  stdin.on('data', onData)
  return () => {
    stdin.off('data', onData)
    stdin.pause()
    stdin.setRawMode(false)
  }
}
