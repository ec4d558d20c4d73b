import { expect, test } from 'vitest'
import { failedGate } from '../../harness/experiment/run-state.ts'
import { gateOf, sampleTrial } from './sample-trial.ts'

test('a trial that passed all its gates failed none', () => {
  expect(failedGate(sampleTrial())).toBeUndefined()
  expect(failedGate(sampleTrial({ gates: [] }))).toBeUndefined()
})

test('of several failed gates noise is named, which explains the others', () => {
  const gates = [gateOf('answers', true), gateOf('halves', false), gateOf('noise', false)]
  expect(failedGate(sampleTrial({ gates }))).toBe('noise')
})
