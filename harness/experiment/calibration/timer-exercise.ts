import { NS_PER_MS } from '../../base/units.ts'
import type { Exercise, ExerciseParts } from './exercise.ts'
import { SLEEP_WORD } from './pair-memory.ts'

const WAIT_MS = 0.2

/** A wait that nobody ends before its time. A sample is how late it ends; the follower has nothing to do. */
export function createTimerExercise({ memory: { words }, clock }: ExerciseParts): Exercise {
  return {
    lead(untilNs, samples) {
      for (;;) {
        const startNs = clock.nowNs()
        Atomics.wait(words, SLEEP_WORD, 0, WAIT_MS)
        const nowNs = clock.nowNs()
        samples.add(nowNs - startNs - WAIT_MS * NS_PER_MS)
        if (nowNs >= untilNs || samples.isFull) return
      }
    },
    follow() {},
  }
}
