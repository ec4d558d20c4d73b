import { expect, test } from 'vitest'
import { monotonicOriginNs } from '../../harness/base/clock.ts'
import { createHashTable } from '../../harness/shared-memory/hash-table-layout.ts'
import { HashTable } from '../../harness/shared-memory/hash-table.ts'
import { createKeyedLock } from '../../harness/shared-memory/keyed-lock.ts'
import type { SecondCheck } from '../../harness/shared-memory/sequence-lock.ts'
import type { RecordAnswer, RecordThread } from './optimistic-records.worker.ts'
import { createThreadParts } from './thread-parts.ts'
import { answersOf, failsWithin, type Mutant, untilTheyMeet } from './threads.ts'

const ENTRY = new URL('optimistic-records.worker.ts', import.meta.url)
const STRIPES = 2
const WRITTEN = 3
/** Long, so that copying takes a while. */
const VALUE_BYTES = 1_032
const ROUNDS = 30_000
const INSERTED = 300
/** A broken protocol fails in its first round unless both processors are busy elsewhere. */
const BROKEN_ROUNDS = 20

interface Crowd {
  readonly writers: number
  readonly inserters: number
  readonly readers: number
  readonly check: SecondCheck
}

/** Lets writers, inserters and readers loose on a few records of one stripe. */
async function crowd(
  { writers, inserters, readers, check }: Crowd,
  rounds: number,
  mutants: readonly Mutant[] = [],
) {
  const table = createHashTable(WRITTEN + INSERTED, 4, VALUE_BYTES, STRIPES)
  const records = new HashTable(table)
  for (let key = 0; key < WRITTEN; key++) {
    const hash = (key & 1) * STRIPES
    const record = records.insertKey(hash, Int32Array.of(key + 1), 0, 4, VALUE_BYTES)
    records.setHead(record, 0, ~0)
  }
  const threadCount = writers + inserters + readers
  const shared = {
    check,
    table,
    locks: createKeyedLock('optimistic', STRIPES),
    valueBytes: VALUE_BYTES,
    written: WRITTEN,
    inserted: inserters * INSERTED,
    progress: new Int32Array(new SharedArrayBuffer(8)),
    parts: createThreadParts(threadCount),
    originNs: monotonicOriginNs(),
    rounds,
  }
  shared.progress[0] = writers + inserters
  const roleOf = (thread: number) => {
    if (thread < writers) return 'write'
    return thread < writers + inserters ? 'insert' : 'read'
  }
  const threads = Array.from({ length: threadCount }, (_, thread): RecordThread => {
    return { ...shared, role: roleOf(thread), thread }
  })
  const answers = await answersOf<RecordAnswer>(ENTRY, threads, undefined, mutants)
  const total = (name: keyof RecordAnswer) => answers.reduce((sum, answer) => sum + answer[name], 0)
  const versions = Array.from({ length: WRITTEN }, (_, key) =>
    records.version(records.findKey((key & 1) * STRIPES, Int32Array.of(key + 1), 0, 4)),
  )
  return {
    torn: total('torn'),
    stale: total('stale'),
    lost: total('lost'),
    reads: total('reads'),
    retries: total('retries'),
    lostUpdates: writers * rounds - versions.reduce((sum, version) => sum + version, 0),
  }
}

const CROWDS: readonly Crowd[] = [
  { writers: 1, inserters: 0, readers: 1, check: 'load' },
  { writers: 1, inserters: 0, readers: 1, check: 'add' },
  { writers: 2, inserters: 1, readers: 3, check: 'load' },
  { writers: 2, inserters: 1, readers: 3, check: 'add' },
]

test.each(CROWDS)(
  '$readers that read without a lock, second check by $check, see whole records only, whatever $writers write and $inserters insert',
  async (course) => {
    const { retries } = await untilTheyMeet(
      async () => {
        const outcome = await crowd(course, ROUNDS)
        expect(outcome).toMatchObject({ torn: 0, stale: 0, lost: 0, lostUpdates: 0 })
        return outcome
      },
      (outcome) => outcome.retries > 0,
    )
    // Otherwise readers and writers did not meet, and nothing was tested.
    expect(retries).toBeGreaterThan(0)
  },
)

const READS = 'shared-memory/optimistic-records.ts'
const LOCK = 'shared-memory/sequence-lock.ts'
const BREAKS: readonly (readonly [name: string, mutant: Mutant])[] = [
  [
    'the second check',
    {
      file: READS,
      from: 'if (checkAgain(locks, at, this.#check) === first) return record',
      to: 'return record',
    },
  ],
  [
    'the look whether a writer is at work',
    {
      file: READS,
      from: `if ((first & SEQUENCE_HELD_BITS) === 0) {
      const record`,
      to: `{
      const record`,
    },
  ],
  [
    'the step to another version',
    { file: LOCK, from: '(version + SEQUENCE_VERSION_STEP) | 0', to: 'version' },
  ],
  [
    'the mark that a writer is at work',
    {
      file: LOCK,
      from: 'return Atomics.compareExchange(words, at, seen, seen | LOCKED) === seen',
      to: 'return true',
    },
  ],
]

test.each(BREAKS)('without %s readers are seen to see torn records', async (_, mutant) => {
  const failed = await failsWithin(BROKEN_ROUNDS, async () => {
    const course: Crowd = { writers: 1, inserters: 0, readers: 2, check: 'load' }
    return (await crowd(course, ROUNDS, [mutant])).torn > 0
  })
  expect(failed).toBe(true)
})

test('without the writers’ lock updates are seen to be lost', async () => {
  const mutant = {
    file: LOCK,
    from: 'if ((seen & SEQUENCE_HELD_BITS) !== 0) return false',
    to: '',
  }
  const failed = await failsWithin(BROKEN_ROUNDS, async () => {
    const course: Crowd = { writers: 3, inserters: 0, readers: 0, check: 'load' }
    return (await crowd(course, ROUNDS, [mutant])).lostUpdates > 0
  })
  expect(failed).toBe(true)
})
