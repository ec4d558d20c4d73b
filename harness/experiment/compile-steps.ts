import { runError } from '../base/errors.ts'
import type { Step } from '../contract/architecture.ts'
import type { Records, Request, Stage } from '../contract/scenario.ts'
import { decodeFrame, encodeFrame, type FrameLimits } from '../ports/replay/frame-codec.ts'
import { compileLoops } from './batch-loops.ts'
import type { RequestView } from '../shared-memory/request-view.ts'
import { burnIterations } from '../measure/burn.ts'

/** What turns a scenario's stages into steps. */
export interface StepContext {
  readonly limits: FrameLimits
  /** Calibrated by the run before its first trial, so that all threads burn the same work. */
  readonly burnIterationsPerMicro: number
}

/** The stages of a scenario as both architectures execute them; the codec is the port's. */
export function compileSteps(stages: readonly Stage[], context: StepContext): Step[] {
  return stages.map((stage) => compileStep(stage, context))
}

function compileStep(stage: Stage, context: StepContext): Step {
  const { limits } = context
  if ('codec' in stage) {
    // The harness gives the views; a scenario sees them by the narrower interface.
    const run =
      stage.codec === 'decode'
        ? (request: Request) => decodeFrame(request as RequestView, limits)
        : (request: Request) => encodeFrame(request as RequestView)
    return { name: stage.name, access: 'none', run, ...compileLoops(stage.name, 'none', run) }
  }
  if (stage.wait !== undefined || stage.runKey !== undefined || stage.combine !== undefined) {
    throw runError('not-executed', `stage asks for what is not executed yet: stage=${stage.name}`)
  }
  const access = stage.access ?? 'none'
  const { burn } = stage
  if (burn === undefined) {
    // A method of the scenario's own literal: it never needs a receiver.
    const handler = (request: Request, records: Records) => stage.run(request, records)
    return {
      name: stage.name,
      access,
      run: handler,
      ...compileLoops(stage.name, access, handler),
    }
  }
  const iterations = Math.round(burn.micros * context.burnIterationsPerMicro)
  const run = (request: Request, records: Records) => {
    burnIterations(iterations)
    stage.run(request, records)
  }
  return { name: stage.name, access, run, ...compileLoops(stage.name, access, run) }
}
