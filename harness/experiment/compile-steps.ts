import { runError } from '../base/errors.ts'
import { NS_PER_US } from '../base/units.ts'
import type { Step } from '../contract/architecture.ts'
import {
  DRAWN,
  type HandlerStage,
  type Records,
  type Request,
  type Stage,
} from '../contract/scenario.ts'
import { burnIterations } from '../measure/burn.ts'
import {
  decodeFrame,
  encodeFrame,
  type FrameLimits,
  serviceOf,
} from '../ports/replay/frame-codec.ts'
import type { BlockingWait } from '../shared-memory/blocking-wait.ts'
import type { RequestView } from '../shared-memory/request-view.ts'
import { compileLoops } from './batch-loops.ts'

/** What turns a scenario's stages into steps. */
export interface StepContext {
  readonly codec: Codec
  /** Calibrated by the run before its first trial, so that all threads burn the same work. */
  readonly burnIterationsPerMicro: number
  /** The thread's own, for blocking waits. */
  readonly blockingWait: Pick<BlockingWait, 'wait'>
}

/** How a port's format is decoded and encoded, in the slot. */
export interface Codec {
  decode(request: RequestView): void
  encode(request: RequestView): void
  /** The service time that the request asks for, nanoseconds. */
  serviceNs(request: RequestView): number
}

/** The replay port's format. */
export function frameCodec(limits: FrameLimits): Codec {
  return {
    decode: (request) => decodeFrame(request, limits),
    encode: encodeFrame,
    serviceNs: serviceOf,
  }
}

type Run = Step['run']

/** The stages of a scenario as both architectures execute them; the codec is the port's. */
export function compileSteps(stages: readonly Stage[], context: StepContext): Step[] {
  return stages.map((stage) => {
    const access = 'run' in stage ? (stage.access ?? 'none') : 'none'
    const run = sequence(partsOf(stage, context))
    return { name: stage.name, access, run, ...compileLoops(stage.name, access, run) }
  })
}

/** What one request goes through in a stage, in order. */
function partsOf(stage: Stage, context: StepContext): Run[] {
  // The harness gives the views; a scenario sees them by the narrower interface.
  const port = context.codec
  const decode: Run = (request) => port.decode(request as RequestView)
  const encode: Run = (request) => port.encode(request as RequestView)
  if (!('run' in stage)) return [stage.codec === 'decode' ? decode : encode]
  const waitsAside = stage.wait !== undefined && stage.wait.blocking !== true
  if (stage.runKey !== undefined || stage.combine !== undefined || waitsAside) {
    throw runError('not-executed', `stage asks for what is not executed yet: stage=${stage.name}`)
  }
  const { codec } = stage
  return [
    ...(codec === 'decode' || codec === 'both' ? [decode] : []),
    ...burnOf(stage, context),
    ...waitOf(stage, context),
    // A method of the scenario's own literal: it never needs a receiver.
    (request: Request, records: Records) => stage.run(request, records),
    ...(codec === 'encode' || codec === 'both' ? [encode] : []),
  ]
}

function burnOf({ burn }: HandlerStage, context: StepContext): Run[] {
  if (burn === undefined) return []
  const { micros } = burn
  const perMicro = context.burnIterationsPerMicro
  if (micros === DRAWN) {
    const perNs = perMicro / NS_PER_US
    const { codec } = context
    return [
      (request) => burnIterations(Math.round(codec.serviceNs(request as RequestView) * perNs)),
    ]
  }
  const iterations = Math.round(micros * perMicro)
  return [() => burnIterations(iterations)]
}

function waitOf({ wait }: HandlerStage, { blockingWait, codec }: StepContext): Run[] {
  if (wait === undefined) return []
  if (wait.micros === DRAWN) {
    return [(request) => blockingWait.wait(codec.serviceNs(request as RequestView))]
  }
  const ns = wait.micros * NS_PER_US
  return [() => blockingWait.wait(ns)]
}

/** One function that calls the parts in order: most often there is only one. */
function sequence(parts: readonly Run[]): Run {
  const [first, second, ...others] = parts
  if (first === undefined) throw runError('no-step', 'stage has nothing to do')
  if (second === undefined) return first
  const rest = sequence([second, ...others])
  return (request, records) => {
    first(request, records)
    rest(request, records)
  }
}
