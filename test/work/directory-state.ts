import { expect } from 'vitest'
import {
  type BlockDirectoryMemory,
  blocksWord,
  FRAME_BLOCK,
  FRAME_PINS,
  frameWord,
} from '../../harness/work/block-directory.ts'

/** What a directory holds while no thread uses it. */
export interface DirectoryState {
  /** Of each frame, its block or −1. */
  readonly held: readonly number[]
  /** Of each block, its frame or −1. */
  readonly frameOf: readonly number[]
  readonly pins: readonly number[]
}

export function stateOf(memory: BlockDirectoryMemory): DirectoryState {
  const words = new Int32Array(memory.buffer)
  const frames = [...Array(memory.frames).keys()].map((frame) => frameWord(memory, frame))
  return {
    held: frames.map((at) => words[at + FRAME_BLOCK]! - 1),
    frameOf: [...Array(memory.blocks).keys()].map(
      (block) => words[blocksWord(memory) + block]! - 1,
    ),
    pins: frames.map((at) => words[at + FRAME_PINS]!),
  }
}

/** Each block is in the frame that says so, and in no other one. */
export function expectConsistent({ held, frameOf }: DirectoryState): void {
  expect(frameOf.map((frame, block) => (frame === -1 ? block : held[frame]))).toEqual([
    ...frameOf.keys(),
  ])
  expect(held.filter((block) => block !== -1)).toHaveLength(
    frameOf.filter((frame) => frame !== -1).length,
  )
}
