import type { Exercise, ExerciseParts } from './exercise.ts'
import { BACK_WORD, STOP, THERE_WORD } from './pair-memory.ts'

/** A number through one word and back through another, each thread asleep meanwhile. A sample is a round trip. */
export function createParkingExercise({ memory: { words }, clock }: ExerciseParts): Exercise {
  const travel = (value: number): void => {
    const before = Atomics.load(words, BACK_WORD)
    Atomics.store(words, THERE_WORD, value)
    Atomics.notify(words, THERE_WORD, 1)
    waitForChange(words, BACK_WORD, before)
  }
  return {
    lead(untilNs, samples) {
      for (let trip = 1; ; trip++) {
        const startNs = clock.nowNs()
        travel(trip)
        const nowNs = clock.nowNs()
        samples.add(nowNs - startNs)
        if (nowNs >= untilNs || samples.isFull) break
      }
      travel(STOP)
      clearWords(words)
    },
    follow: () => answerParked(words),
  }
}

/**
 * Of two wake-ups one through the event loop, as an HTTP server's thread is woken: the leader listens by `waitAsync`,
 * the follower parks. A sample is a round trip.
 */
export function createWaitAsyncExercise({ memory: { words }, clock }: ExerciseParts): Exercise {
  const travel = async (value: number): Promise<number> => {
    // Listening before the follower is woken: else it might answer before, and nobody would have been woken.
    const { async: isPending, value: woken } = Atomics.waitAsync(
      words,
      BACK_WORD,
      Atomics.load(words, BACK_WORD),
    )
    const startNs = clock.nowNs()
    Atomics.store(words, THERE_WORD, value)
    Atomics.notify(words, THERE_WORD, 1)
    if (isPending) await woken
    return startNs
  }
  return {
    async lead(untilNs, samples) {
      for (let trip = 1; ; trip++) {
        const startNs = await travel(trip)
        const nowNs = clock.nowNs()
        samples.add(nowNs - startNs)
        if (nowNs >= untilNs || samples.isFull) break
      }
      await travel(STOP)
      clearWords(words)
    },
    follow: () => answerParked(words),
  }
}

function answerParked(words: Int32Array): void {
  for (let seen = 0; seen !== STOP;) {
    seen = waitForChange(words, THERE_WORD, seen)
    Atomics.store(words, BACK_WORD, seen)
    Atomics.notify(words, BACK_WORD, 1)
  }
}

/** Sleeps until the word holds something else, and answers what. */
function waitForChange(words: Int32Array, at: number, before: number): number {
  for (;;) {
    const value = Atomics.load(words, at)
    if (value !== before) return value
    Atomics.wait(words, at, before)
  }
}

/** Between turns, when the follower has answered the stop and looks no more. */
function clearWords(words: Int32Array): void {
  Atomics.store(words, THERE_WORD, 0)
  Atomics.store(words, BACK_WORD, 0)
}
