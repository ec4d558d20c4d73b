import { Condition, CONDITION_WORDS } from '../../harness/shared-memory/condition.ts'
import { Doorbell, DOORBELL_WORDS } from '../../harness/shared-memory/doorbell.ts'
import { answer, dataOfThread, dawdle, LONG_SLEEP_MS, waitForOthers } from './start-line.ts'
import { attachThreadParts, type ThreadPartsMemory } from './thread-parts.ts'

/** One of several threads that pass a token round: each sleeps until the one before wakes it. */
export interface TokenThread {
  readonly sleepsOn: 'doorbell' | 'condition'
  /** Whether it looks for the token once more before it sleeps. */
  readonly secondLook: boolean
  /** Word 0: the thread that has the token. Word 1: how often it was passed on. */
  readonly token: Int32Array
  readonly beds: Int32Array
  readonly parts: ThreadPartsMemory
  readonly thread: number
  readonly threadsInRing: number
  readonly rounds: number
}

/** Words between the doorbells or conditions of two threads. */
const BED_WORDS = Math.max(CONDITION_WORDS, DOORBELL_WORDS)
/** Longest look-out for the token before a thread goes to sleep, in looks: sometimes none, sometimes long enough. */
const MOST_LOOKS = 301

/** Every so many rounds a thread keeps the token for a while, so that the next one falls asleep meanwhile. */
const ROUNDS_PER_HOLD = 8
const LONGEST_HOLD = 601

const own = dataOfThread<TokenThread>()
const { token, beds, thread, threadsInRing, secondLook, rounds } = own
const { awake, counters } = attachThreadParts(own.parts, thread)
const next = (thread + 1) % threadsInRing
const hasToken = () => Atomics.load(token, 0) === thread
const secondLookSucceeds = () => secondLook && hasToken()

/** How this thread sleeps, and how it wakes the next one. */
function createBed(): { sleep: () => void; wakeNext: () => void } {
  if (own.sleepsOn === 'doorbell') {
    const doorbell = new Doorbell(beds, thread * BED_WORDS, awake, counters)
    const ofNext = new Doorbell(beds, next * BED_WORDS, awake, counters)
    const sleep = () => {
      doorbell.prepareToSleep()
      if (secondLookSucceeds()) doorbell.stayAwake()
      else doorbell.sleep(LONG_SLEEP_MS)
    }
    return { sleep, wakeNext: () => ofNext.ring() }
  }
  const condition = new Condition(beds, thread * BED_WORDS, awake, counters)
  const ofNext = new Condition(beds, next * BED_WORDS, awake, counters)
  const probe = { hasWork: secondLookSucceeds }
  const sleep = () => condition.park(probe, LONG_SLEEP_MS)
  return { sleep, wakeNext: () => ofNext.signal() }
}

function hold(round: number): void {
  if ((round + thread) % ROUNDS_PER_HOLD !== 0) return
  for (let pauses = (round * 53) % LONGEST_HOLD; pauses > 0; pauses--) Atomics.pause()
}

const bed = createBed()
waitForOthers()
for (let round = 0; round < rounds; round++) {
  let looks = (round * 37 + thread * 101) % MOST_LOOKS
  while (!hasToken()) {
    if (looks-- > 0) {
      Atomics.pause()
      continue
    }
    dawdle(round)
    bed.sleep()
  }
  hold(round)
  Atomics.add(token, 1, 1)
  Atomics.store(token, 0, next)
  bed.wakeNext()
}
answer(counters.read().parks)
