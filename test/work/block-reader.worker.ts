import { ThreadClock } from '../../harness/base/clock.ts'
import { seededRandom } from '../../harness/base/random.ts'
import { type BlockReaderMemory, openBlockReader } from '../../harness/work/block-reader.ts'
import { answer, dataOfThread, waitForOthers } from '../shared-memory/start-line.ts'
import { attachThreadParts, type ThreadPartsMemory } from '../shared-memory/thread-parts.ts'

/** A thread that reads blocks at random. */
export interface ReadingThread {
  readonly memory: BlockReaderMemory
  readonly parts: ThreadPartsMemory
  readonly thread: number
  readonly originNs: bigint
  readonly reads: number
}

export interface ReadingAnswer {
  /** Whether a read found another block than it asked for. */
  readonly wrong: boolean
  readonly contended: number
}

const { memory, parts, thread, originNs, reads } = dataOfThread<ReadingThread>()
const { counters } = attachThreadParts(parts, thread)
const reader = openBlockReader(memory, new ThreadClock(originNs), counters.locks)
const random = seededRandom(thread)

/** False when a block was wrong. */
function readAll(): boolean {
  try {
    for (let read = 0; read < reads; read++) reader.read(random.int32())
    return true
  } catch {
    return false
  }
}

waitForOthers()
const wrong = !readAll()
reader.close()
answer({
  wrong,
  contended: counters.read().contendedLockAcquisitions,
} satisfies ReadingAnswer)
