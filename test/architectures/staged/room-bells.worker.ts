import { NetworkThread } from '../../../harness/architectures/staged/network-thread.ts'
import { RoomBells } from '../../../harness/architectures/staged/room-bells.ts'
import { ThreadClock } from '../../../harness/base/clock.ts'
import { type Port, TURN_CELLS } from '../../../harness/contract/port.ts'
import {
  BoundedQueue,
  type BoundedQueueMemory,
} from '../../../harness/shared-memory/bounded-queue.ts'
import { Doorbell, DOORBELL_WORDS } from '../../../harness/shared-memory/doorbell.ts'
import type { RequestView } from '../../../harness/shared-memory/request-view.ts'
import {
  answer,
  dataOfThread,
  dawdle,
  LONG_SLEEP_MS,
  waitForOthers,
} from '../../shared-memory/start-line.ts'
import { attachThreadParts, type ThreadPartsMemory } from '../../shared-memory/thread-parts.ts'

/** The owner of a port, or the only thread that takes from the first queue. */
export interface RoomThread {
  readonly role: 'owner' | 'taker'
  readonly thread: number
  readonly owners: number
  readonly perOwner: number
  /** Whether the taker rings for whoever waits for room; without it the protocol is broken. */
  readonly rings: boolean
  readonly queue: BoundedQueueMemory
  readonly replies: BoundedQueueMemory
  /** A doorbell per owner. */
  readonly doorbells: Int32Array
  readonly room: Int32Array
  readonly parts: ThreadPartsMemory
  readonly originNs: bigint
  /** Word 0: values taken. */
  readonly progress: Int32Array
}

const LARGEST_BATCH = 5

const own = dataOfThread<RoomThread>()
const { awake, counters } = attachThreadParts(own.parts, own.thread)
const clock = new ThreadClock(own.originNs)
const queue = new BoundedQueue(own.queue, clock, awake, counters)
const doorbells = Array.from(
  { length: own.owners },
  (_, port) => new Doorbell(own.doorbells, port * DOORBELL_WORDS, awake, counters),
)

/** Sends its values as a network thread does, and sleeps by its doorbell as soon as it cannot go on. */
function send(): void {
  let sent = 0
  let accepted = 0
  const port: Partial<Port> = {
    cell: new Float64Array(TURN_CELLS),
    isLate: () => false,
    receive: (target, limit) => {
      accepted = sent
      const count = Math.min(1 + (sent % limit), own.perOwner - sent)
      for (let i = 0; i < count; i++) target[i] = own.thread
      sent += count
      return count
    },
  }
  const thread = new NetworkThread({
    port: port as Port,
    index: own.thread,
    view: {} as RequestView,
    firstQueue: queue,
    replies: new BoundedQueue(own.replies, clock, awake, counters),
    room: new RoomBells(own.room, 0, []),
    counters,
    late: null,
    batch: LARGEST_BATCH,
  })
  const doorbell = doorbells[own.thread]!
  for (;;) {
    if (thread.turn()) continue
    if (accepted === own.perOwner) return
    doorbell.prepareToSleep()
    dawdle(sent)
    if (thread.turn()) doorbell.stayAwake()
    else if (accepted === own.perOwner) return doorbell.stayAwake()
    else doorbell.sleep(LONG_SLEEP_MS)
  }
}

function take(): boolean {
  const room = new RoomBells(own.room, 0, doorbells)
  const batch = new Int32Array(LARGEST_BATCH)
  const counts = new Int32Array(own.owners)
  for (let left = own.owners * own.perOwner; left > 0;) {
    const count = queue.tryPopBatch(batch, 1 + (left % LARGEST_BATCH))
    if (count === 0) {
      queue.notEmpty.park(queue, LONG_SLEEP_MS)
      continue
    }
    if (own.rings) room.ring()
    for (let i = 0; i < count; i++) counts[batch[i]!]!++
    left -= count
    Atomics.add(own.progress, 0, count)
    dawdle(left)
  }
  return counts.every((count) => count === own.perOwner)
}

waitForOthers()
if (own.role === 'taker') answer(take())
else {
  send()
  answer(true)
}
