import { expect, test } from 'vitest'
import {
  Control,
  createControl,
  PHASE_CLOSED,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WAITING,
  PHASE_WARM_UP,
  PLAYED_PHASES,
} from '../../../harness/ports/replay/control.ts'

/** Both ends of a control block: the trial’s and a port’s. */
function bothEnds() {
  const memory = createControl()
  return { trial: new Control(memory), port: new Control(memory) }
}

test('begins waiting, without load, not stopped', () => {
  const { port } = bothEnds()
  expect([port.phase(), port.nsPerGap(), port.stopped()]).toEqual([PHASE_WAITING, 0, false])
})

test('each phase has its own start', () => {
  const { trial, port } = bothEnds()
  trial.setLoad(250, 9_000)
  PLAYED_PHASES.forEach((phase, index) => {
    trial.startPhase(phase, 1_000 * (index + 1))
    expect(port.phase()).toBe(phase)
  })
  expect(PLAYED_PHASES.map((phase) => port.startNs(phase))).toEqual([1_000, 2_000, 3_000])
  expect([port.nsPerGap(), port.steadyEndNs()]).toEqual([250, 9_000])
})

test('the steady state has no end until it is told', () => {
  const { trial, port } = bothEnds()
  trial.setLoad(250)
  expect(port.steadyEndNs()).toBe(Number.POSITIVE_INFINITY)
})

test('only the steady state has a rest before it, and only when it is told', () => {
  const { trial, port } = bothEnds()
  trial.setLoad(250, 9_000)
  expect(PLAYED_PHASES.map((phase) => port.restNs(phase))).toEqual([0, 0, 0])
  trial.setLoad(250, 9_000, 400)
  expect(PLAYED_PHASES.map((phase) => port.restNs(phase))).toEqual([0, 0, 400])
})

test('phases only grow', () => {
  const all = [PHASE_WAITING, PHASE_WARM_UP, PHASE_REHEARSAL, PHASE_STEADY_STATE, PHASE_CLOSED]
  expect(all).toEqual([...all].toSorted((a, b) => a - b))
})

test('closing and stopping are seen by every thread, apart from each other', () => {
  const { trial, port } = bothEnds()
  trial.closePorts()
  expect([port.phase(), port.stopped()]).toEqual([PHASE_CLOSED, false])
  trial.stop()
  expect([port.phase(), port.stopped()]).toEqual([PHASE_CLOSED, true])
})
