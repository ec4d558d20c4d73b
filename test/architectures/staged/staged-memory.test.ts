import { expect, test } from 'vitest'
import {
  createStagedMemory,
  StageSettings,
} from '../../../harness/architectures/staged/staged-memory.ts'

function settingsOf(stageCount: number) {
  return new StageSettings(
    createStagedMemory({
      portCount: 2,
      stageCount,
      slotCount: 8,
      queueCapacity: 0,
      locks: 'striped',
      stripes: 4,
      setsTimers: [],
      hasDeadline: false,
    }),
  )
}

test('each stage has settings of its own', () => {
  const settings = settingsOf(3)
  for (const stage of [0, 1, 2]) {
    settings.setActiveThreads(stage, 10 + stage)
    settings.setBatch(stage, 20 + stage)
  }
  expect([0, 1, 2].map((stage) => settings.activeThreads(stage))).toEqual([10, 11, 12])
  expect([0, 1, 2].map((stage) => settings.batch(stage))).toEqual([20, 21, 22])
})

test('a stage lets in inline as many as it has threads, its own at work included', () => {
  const settings = settingsOf(2)
  settings.setActiveThreads(1, 2)
  settings.enter(1)
  expect(settings.tryEnter(1)).toBe(true)
  expect(settings.tryEnter(1)).toBe(false)
  // The refused one took no permit with it.
  settings.leave(1)
  expect(settings.tryEnter(1)).toBe(true)
  expect(settings.tryEnter(1)).toBe(false)
})

test('permits of one stage are none of another', () => {
  const settings = settingsOf(2)
  settings.setActiveThreads(0, 1)
  settings.setActiveThreads(1, 1)
  expect([settings.tryEnter(0), settings.tryEnter(1), settings.tryEnter(0)]).toEqual([
    true,
    true,
    false,
  ])
})
