import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BlockDirectory,
  createBlockDirectory,
  NO_BLOCK,
  NO_FRAME,
} from '../../harness/work/block-directory.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { oneThread } from '../shared-memory/thread-parts.ts'
import { expectConsistent, stateOf } from './directory-state.ts'

const BLOCKS = 24

/** The second chance as a queue: whoever was asked for since it was last looked at goes to its end, unless it is pinned there. */
class ClockModel {
  readonly #slots: ({ block: number; referenced: boolean } | null)[]
  readonly #pinned: ReadonlySet<number>
  #hand = 0

  constructor(frames: number, pinned: ReadonlySet<number>) {
    this.#slots = Array.from({ length: frames }, () => null)
    this.#pinned = pinned
  }

  /** The block that goes, −1 for none; `hit` or `full` when none has to. */
  ask(block: number): number | 'hit' | 'full' {
    const known = this.#slots.find((slot) => slot?.block === block)
    if (known) {
      known.referenced = true
      return 'hit'
    }
    for (let visits = 0; visits < 2 * this.#slots.length; visits++) {
      const at = this.#hand
      this.#hand = (this.#hand + 1) % this.#slots.length
      const slot = this.#slots[at]!
      if (slot !== null && this.#pinned.has(slot.block)) continue
      if (slot?.referenced) {
        slot.referenced = false
        continue
      }
      this.#slots[at] = { block, referenced: true }
      return slot === null ? -1 : slot.block
    }
    return 'full'
  }
}

function attach(cachedBlocks: number, parts: number) {
  const memory = createBlockDirectory(BLOCKS, cachedBlocks, parts)
  const directory = new BlockDirectory(memory, new ManualClock(), oneThread().counters.locks)
  return { memory, directory }
}

/** Asks for a block as a reader does; tells what the model tells. */
function ask(directory: BlockDirectory, block: number): number | 'hit' | 'full' {
  directory.lock(block)
  const hit = directory.find(block) !== NO_FRAME
  const frame = hit ? NO_FRAME : directory.replace(block)
  directory.unlock(block)
  if (hit) return 'hit'
  return frame === NO_FRAME ? 'full' : directory.evicted
}

const pinnedBlocks = fc.uniqueArray(fc.nat(BLOCKS - 1), { maxLength: 4 })
const asked = fc.array(fc.nat(BLOCKS - 1), { maxLength: 200 })

test('each part evicts what a plain second chance over its own blocks would', () => {
  fc.assert(
    fc.property(fc.nat(BLOCKS), fc.constantFrom(1, 2, 4), asked, (cachedBlocks, parts, blocks) => {
      const { memory, directory } = attach(cachedBlocks, parts)
      const models = Array.from({ length: parts }, (_, part) => {
        const frames = Math.floor(cachedBlocks / parts) + (part < cachedBlocks % parts ? 1 : 0)
        return new ClockModel(frames, new Set())
      })
      for (const block of blocks)
        expect(ask(directory, block)).toBe(models[block % parts]!.ask(block))
      expectConsistent(stateOf(memory))
    }),
  )
})

test('a pinned block stays, and a cache of pinned ones has room for none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), pinnedBlocks, asked, (frames, pinned, blocks) => {
      const { memory, directory } = attach(frames, 1)
      const model = new ClockModel(frames, new Set(pinned))
      for (const block of blocks) {
        const outcome = ask(directory, block)
        expect(outcome).toBe(model.ask(block))
        if (typeof outcome === 'number' && pinned.includes(block))
          directory.pin(directory.find(block))
      }
      const { held } = stateOf(memory)
      for (const block of pinned)
        if (blocks.includes(block) && held.includes(block)) directory.unpin(directory.find(block))
      const after = stateOf(memory)
      expectConsistent(after)
      expect(after.pins.every((pins) => pins === 0)).toBe(true)
    }),
  )
})

test('what is asked for again and again outlives what is asked for once', () => {
  const { directory } = attach(4, 1)
  ask(directory, 0)
  let lost = 0
  for (let block = 1; block < BLOCKS; block++) {
    ask(directory, block)
    if (ask(directory, 0) !== 'hit') lost++
  }
  // The first round of the hand finds all of them asked for, and takes the oldest.
  expect(lost).toBeLessThanOrEqual(1)
})

test('an empty frame has nothing to evict', () => {
  const { directory } = attach(2, 1)
  expect([ask(directory, 5), ask(directory, 6)]).toEqual([NO_BLOCK, NO_BLOCK])
  expect(ask(directory, 7)).toBe(5)
})
