import { Mutex } from '../../shared-memory/mutex.ts'
import type { Exercise, ExerciseParts } from './exercise.ts'
import { BACK_WORD, STOP, THERE_WORD, TOTAL_WORD } from './pair-memory.ts'

const ACQUISITIONS = 256
const RUNNING = 1

/**
 * Two threads that do nothing but take the same mutex, count, and release it. A sample is the time of 256 acquisitions
 * of the leader by all that both made meanwhile.
 */
export function createMutexExercise({ memory, clock, counters }: ExerciseParts): Exercise {
  const { words } = memory
  const mutex = new Mutex(memory.mutex, 0, clock, counters.locks)
  /** Answers how often the mutex was taken by either thread. */
  const acquire = (): number => {
    mutex.lock()
    const total = (words[TOTAL_WORD]! + 1) | 0
    words[TOTAL_WORD] = total
    mutex.unlock()
    return total
  }
  return {
    lead(untilNs, samples) {
      Atomics.store(words, THERE_WORD, RUNNING)
      while (Atomics.load(words, BACK_WORD) !== RUNNING) Atomics.pause()
      let total = acquire()
      for (let nowNs = clock.nowNs(); ;) {
        const startNs = nowNs
        const before = total
        for (let i = 0; i < ACQUISITIONS; i++) total = acquire()
        nowNs = clock.nowNs()
        samples.add((nowNs - startNs) / ((total - before) | 0))
        if (nowNs >= untilNs || samples.isFull) break
      }
      Atomics.store(words, THERE_WORD, STOP)
      while (Atomics.load(words, BACK_WORD) !== STOP) Atomics.pause()
      Atomics.store(words, THERE_WORD, 0)
      Atomics.store(words, BACK_WORD, 0)
    },
    follow() {
      while (Atomics.load(words, THERE_WORD) !== RUNNING) Atomics.pause()
      Atomics.store(words, BACK_WORD, RUNNING)
      while (Atomics.load(words, THERE_WORD) !== STOP) acquire()
      Atomics.store(words, BACK_WORD, STOP)
    },
  }
}
