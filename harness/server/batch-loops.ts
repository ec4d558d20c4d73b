import { CrossoverError, runError } from '../base/errors.ts'
import type { RunBatch, RunGuarded } from '../contract/architecture.ts'
import { READ_OPERATION, type Records, type Request } from '../contract/request.ts'
import type { Access } from '../contract/stage.ts'
import { BEACON_BEGUN, BEACON_STAGE } from '../shared-memory/thread-counters.ts'
import type { StallDetector } from './stall-detector.ts'
import { promiseFailure, type StagePromises, UNSEEN_PROMISES } from './stage-promises.ts'

/** Loops that this thread has compiled. */
let compiled = 0

/**
 * Text of a function that goes over a batch: what each request's turn is, and what is asked for before the first one. No two
 * are the same: V8 keeps one function for equal texts, with one type feedback for all that were compiled from it.
 */
function loopText(parameters: string, before: string, turn: string): string {
  return `return (${parameters}) => { // ${++compiled}
  beacon[${BEACON_STAGE}] = mark
  beacon[${BEACON_BEGUN}]++
  ${before}
  try {
    for (let i = from; i < to; i++) {
      view.at(slots[i])
      ${turn}
    }
    if (promises.made !== null) refuse()
  } catch (error) {
    fail(error)
  }
  beacon[${BEACON_STAGE}] = 0
}`
}

/** What a request does: where a stall detector looks on, between what it is told. Who holds the lock of a key has it by then. */
function runText(records: string, isWatched: boolean): string {
  const run = `run(view, ${records})`
  return isWatched ? `stalls.begin(); ${run}; stalls.ended(mark - 1)` : run
}

function plainText(isWatched: boolean): string {
  return loopText('view, slots, from, to, records', '', runText('records', isWatched))
}

function guardedText(isWatched: boolean): string {
  return loopText(
    'view, slots, from, to, records, guard',
    'const { snapshots } = guard',
    `const hash = view.hash
      const write = isWrite(view.operation)
      if (snapshots !== null && !write) {
        ${runText('snapshots', isWatched)}
        continue
      }
      guard.lock(hash, write)
      ${runText('records', isWatched)}
      guard.unlock(hash, write)`,
  )
}

/** Names under which a loop's text finds what it is made of. */
const NAMES = ['run', 'isWrite', 'fail', 'beacon', 'mark', 'promises', 'refuse', 'stalls']

/** Where a loop writes that it runs: see `ThreadCounters.beacon`. */
export interface LoopBeacon {
  readonly words: Int32Array
  readonly stage: number
  /** Looked at behind each batch. @default nobody looks for promises */
  readonly promises?: StagePromises
  /** Told of each request. @default nobody looks for stalls */
  readonly stalls?: Pick<StallDetector, 'begin' | 'ended'> | undefined
}

/** What ends a trial in which a stage threw: an error of ours as it is, of any other what it says, with the stage's name. */
export function stageFailure(name: string, thrown: unknown): CrossoverError {
  if (thrown instanceof CrossoverError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return runError('stage-failed', `a stage threw: stage=${name}: ${message}`, undefined, thrown)
}

const UNSEEN: LoopBeacon = { words: new Int32Array(2), stage: 0 }

/**
 * A handler's loops over a batch, compiled anew for each handler. One loop shared by all handlers would call through a
 * site that has seen many targets, which V8 neither inlines nor optimises together with the loop; a loop of its own costs
 * about 4 ns less per request and stage. Both architectures run these loops; the text has nothing of the scenario in it.
 * @param beacon @default nobody looks
 */
export function compileLoops(
  name: string,
  access: Access,
  run: (request: Request, records: Records) => void,
  beacon: LoopBeacon = UNSEEN,
): { runBatch: RunBatch; runGuarded: RunGuarded } {
  const isWrite =
    access === 'by-operation'
      ? (operation: number) => operation !== READ_OPERATION
      : () => access === 'write'
  const fail = (error: unknown) => {
    throw stageFailure(name, error)
  }
  const { words, promises = UNSEEN_PROMISES, stalls } = beacon
  const mark = beacon.stage + 1
  const refuse = () => {
    throw promiseFailure(name, promises.made!)
  }
  const parts = [run, isWrite, fail, words, mark, promises, refuse, stalls]
  const isWatched = stalls !== undefined
  // oxlint-disable-next-line typescript/no-implied-eval -- the only way to give each handler its own code and type feedback
  const compile = (text: string): unknown => new Function(...NAMES, text)(...parts)
  return {
    runBatch: compile(plainText(isWatched)) as RunBatch,
    runGuarded: compile(guardedText(isWatched)) as RunGuarded,
  }
}
