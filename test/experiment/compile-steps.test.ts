import { expect, test } from 'vitest'
import type { Step } from '../../harness/contract/architecture.ts'
import type { Records, Stage } from '../../harness/contract/scenario.ts'
import { compileSteps } from '../../harness/experiment/compile-steps.ts'
import { caughtFailure } from './caught-failure.ts'
import { COUNTER_STAGES } from '../architectures/counter-stages.ts'
import { createBench, LIMITS } from '../ports/replay/bench.ts'

const NO_RECORDS = {} as Records
const CONTEXT = { limits: LIMITS, burnIterationsPerMicro: 10 }

function compileOne(stage: Stage, burnIterationsPerMicro = 10): Step {
  return compileSteps([stage], { ...CONTEXT, burnIterationsPerMicro })[0]!
}

test('steps keep the names, order and access of the stages; codecs touch no record', () => {
  const steps = compileSteps(COUNTER_STAGES, CONTEXT)
  expect(steps.map(({ name, access }) => [name, access])).toEqual([
    ['decode', 'none'],
    ['route', 'none'],
    ['apply', 'by-operation'],
    ['encode', 'none'],
  ])
})

test('codec stages are the port’s own, within the limits of its frames', () => {
  const bench = createBench({ updatePercent: 100 })
  bench.startSteady()
  const [slot] = bench.receive()
  bench.view.at(slot!)
  compileOne({ name: 'decode', codec: 'decode' }).run(bench.view, NO_RECORDS)
  expect(bench.view.operation).not.toBe(0)
  const context = { ...CONTEXT, limits: { keyBytes: 1, payloadBytes: 0 } }
  const [narrow] = compileSteps([{ name: 'decode', codec: 'decode' }], context)
  narrow!.run(bench.view, NO_RECORDS)
  expect(bench.view.operation).toBe(0)
})

test('a stage burns before it runs', () => {
  const order: string[] = []
  // The iterations are read once, when the stage is compiled.
  const burn = {
    get micros() {
      order.push('burn')
      return 2
    },
  }
  const step = compileOne({ name: 'work', burn, run: () => order.push('run') })
  expect(order).toEqual(['burn'])
  step.run({} as never, NO_RECORDS)
  expect(order).toEqual(['burn', 'run'])
})

test.each([
  ['wait', { wait: { micros: 1 } }],
  ['runKey', { runKey: () => {} }],
  ['combine', { combine: () => {} }],
])('a stage with %s is refused rather than run without it', (_, extra) => {
  const stage: Stage = { name: 'later', run: () => {}, ...extra }
  expect(caughtFailure(() => compileOne(stage))).toMatchObject({
    kind: 'run',
    message: 'stage asks for what is not executed yet: stage=later',
  })
})
