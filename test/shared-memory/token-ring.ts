import { CONDITION_WORDS } from '../../harness/shared-memory/condition.ts'
import { attachThreadParts, createThreadParts } from './thread-parts.ts'
import { type Mutant, runThreads, type Watch } from './threads.ts'
import type { TokenThread } from './token-ring.worker.ts'

const ENTRY = new URL('token-ring.worker.ts', import.meta.url)
/** Threads that do not pass the token for so long sleep over it. */
const PATIENCE_MS = 10_000
const TWIN_PATIENCE_MS = 1_000

/** How a token ring went: whether all threads came to their end, how often they slept, and who counts as awake then. */
export interface TokenRingOutcome {
  readonly stuck: boolean
  readonly parks: number
  readonly awakeAtEnd: number
}

/** Lets threads pass a token round. @param mutants what is broken in the sources that the threads run. @default nothing */
export async function passToken(
  sleepsOn: TokenThread['sleepsOn'],
  threadsInRing: number,
  rounds: number,
  secondLook = true,
  mutants: readonly Mutant[] = [],
): Promise<TokenRingOutcome> {
  const parts = createThreadParts(threadsInRing)
  const shared = {
    sleepsOn,
    secondLook,
    token: new Int32Array(new SharedArrayBuffer(8)),
    beds: new Int32Array(new SharedArrayBuffer(threadsInRing * CONDITION_WORDS * 4)),
    parts,
    threadsInRing,
    rounds,
  }
  const threads = Array.from({ length: threadsInRing }, (_, thread): TokenThread => {
    return { ...shared, thread }
  })
  const watch: Watch = {
    progress: () => Atomics.load(shared.token, 1),
    patienceMs: secondLook && mutants.length === 0 ? PATIENCE_MS : TWIN_PATIENCE_MS,
  }
  const outcome = await runThreads<number>(ENTRY, threads, watch, mutants)
  const awakeAtEnd = attachThreadParts(parts, 0).awakeCount()
  if (outcome.state === 'stuck') return { stuck: true, parks: 0, awakeAtEnd }
  const parks = outcome.answers.reduce((sum, count) => sum + count, 0)
  return { stuck: false, parks, awakeAtEnd }
}
