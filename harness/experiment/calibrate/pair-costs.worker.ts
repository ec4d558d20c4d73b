import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { ThreadClock } from '../../base/clock.ts'
import { toSentError } from '../../base/errors.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { kernelThreadId, minimizeTimerSlack } from '../../measure/affinity.ts'
import { AwakeThreads } from '../../shared-memory/awake-threads.ts'
import { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import {
  createMessageExercise,
  createMutexExercise,
  createParkingExercise,
  createQueueExercise,
  createRingExercise,
  createTimerExercise,
  createWaitAsyncExercise,
  type Exercise,
  type PairMemory,
} from './exercises.ts'
import { type RoundFigure, Samples } from './figures.ts'
import type { ExerciseName } from './rows.ts'

/** One of the two threads. */
export interface PairThreadStart {
  readonly originNs: bigint
  readonly role: 'leader' | 'follower'
  readonly memory: PairMemory
  /** To the other thread. */
  readonly port: MessagePort
}

/** A turn of an exercise: the leader's for so long, the follower's until the leader stops it. */
export interface PairTurn {
  readonly exercise: ExerciseName
  readonly seconds: number
}

export type PairReply =
  | {
      readonly kind: 'ready'
      readonly threadId: number | null
      /** Whether its timers are as exact as the kernel can make them. */
      readonly hasExactTimers: boolean
    }
  /** The turn was understood; a follower has begun when the leader gets its own. */
  | { readonly kind: 'begins' }
  /** The turn is over; a follower has no figure. */
  | { readonly kind: 'ended'; readonly figure: RoundFigure | null }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

const AWAKE_PROCESSORS = 2

const { originNs, role, memory, port } = workerData as PairThreadStart
const clock = new ThreadClock(originNs)
const parts = {
  memory,
  clock,
  awake: new AwakeThreads(memory.awake, AWAKE_PROCESSORS),
  counters: new ThreadCounters(memory.counters, role === 'leader' ? 0 : 1),
  port,
}
const exercises: Readonly<Record<ExerciseName, Exercise>> = {
  mutex: createMutexExercise(parts),
  ring: createRingExercise(parts, role),
  'queue-spinning': createQueueExercise(parts, role, 'poll'),
  'queue-parking': createQueueExercise(parts, role, 'park'),
  parking: createParkingExercise(parts),
  'message-port': createMessageExercise(parts),
  'wait-async': createWaitAsyncExercise(parts),
  timer: createTimerExercise(parts),
}
const samples = new Samples()

async function take({ exercise, seconds }: PairTurn): Promise<RoundFigure | null> {
  if (role === 'follower') {
    await exercises[exercise].follow()
    return null
  }
  samples.clear()
  await exercises[exercise].lead(clock.nowNs() + seconds * NS_PER_SECOND, samples)
  return samples.summary()
}

function reply(message: PairReply): void {
  parentPort?.postMessage(message)
}

parentPort?.on('message', (turn: PairTurn) => {
  reply({ kind: 'begins' })
  take(turn).then(
    (figure) => reply({ kind: 'ended', figure }),
    (error: unknown) => reply({ kind: 'failed', ...toSentError(error) }),
  )
})
const threadId = kernelThreadId()
// By the thread itself: for another one it would need a privilege.
const hasExactTimers = threadId !== null && minimizeTimerSlack(threadId)
reply({ kind: 'ready', threadId, hasExactTimers })
