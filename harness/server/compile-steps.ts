import { runError } from '../base/errors.ts'
import { NS_PER_US } from '../base/units.ts'
import type { Step, StepLegs, StepPieces } from '../contract/architecture.ts'
import type { Records, Request } from '../contract/request.ts'
import { type Access, DRAWN, type HandlerStage, type Stage } from '../contract/stage.ts'
import { burnIterations } from '../measure/burn.ts'
import {
  decodeFrame,
  encodeFrame,
  type FrameLimits,
  serviceOf,
} from '../ports/replay/frame-codec.ts'
import { mayBeOffloaded, sleepsIn } from '../scenario/declared-work.ts'
import type { BlockingWait } from '../shared-memory/blocking-wait.ts'
import type { RequestView } from '../shared-memory/request-view.ts'
import { BEACON_STAGE } from '../shared-memory/thread-counters.ts'
import type { ThreadWork } from '../work/thread-work.ts'
import { compileLoops, type LoopBeacon, stageFailure } from './batch-loops.ts'
import { noRecords, ReadRecords } from './declared-records.ts'
import { type LegPlan, RequestSplitter } from './request-splitter.ts'
import {
  promiseFailure,
  refusePromise,
  type StagePromises,
  UNSEEN_PROMISES,
} from './stage-promises.ts'
import type { StallDetector } from './stall-detector.ts'

/** What turns a scenario's stages into steps of one thread. */
export interface StepContext {
  readonly codec: Codec
  /** Calibrated by the run before its first trial, so that all threads burn the same work. */
  readonly burnIterationsPerMicro: number
  /** The thread's own, for waits that stop it. */
  readonly blockingWait: Pick<BlockingWait, 'wait' | 'sleep'>
  /** The thread's own, for stages that touch pages, make objects or read blocks. @default none of them does */
  readonly work?: Pick<ThreadWork, 'touch' | 'churn' | 'read' | 'isCached'>
  /** The thread's own: where its loops write that they run. @default nobody looks */
  readonly beacon?: Int32Array
  /** The thread's own: promises that its stages make. @default nobody looks */
  readonly promises?: StagePromises
  /** The thread's own: stages that declare no waiting tell it of their requests. @default nobody looks for stalls */
  readonly stalls?: StallDetector | undefined
  /** Where requests over many keys find their legs. @default requests have one key */
  readonly legs?: LegPlan | null
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
  return stages.map((stage, index) => {
    const { promises = UNSEEN_PROMISES } = context
    const words = context.beacon ?? new Int32Array(2)
    // Where a thread is to sleep, it is no stall that it does.
    const stalls = 'run' in stage && sleepsIn(stage) ? undefined : context.stalls
    const beacon = { words, stage: index, promises, stalls }
    return 'run' in stage
      ? compileHandler(stage, context, beacon)
      : compileCodec(stage.name, codecRun(stage.codec, context), beacon)
  })
}

function compileCodec(name: string, run: Run, beacon: LoopBeacon): Step {
  const access = 'none'
  const loops = compileLoops(name, access, run, beacon)
  return { name, access, sleeps: false, run, ...loops, pieces: null, legs: null }
}

function compileHandler(stage: HandlerStage, context: StepContext, beacon: LoopBeacon): Step {
  const { name, access = 'none' } = stage
  const sleeps = sleepsIn(stage)
  const legs = stage.runKey === undefined ? null : compileLegs(stage, context, beacon)
  if (legs !== null) return { name, access, sleeps, ...legs, pieces: null }
  const parts = partsOf(stage, context)
  const loops = (runs: readonly Run[]) => compileLoops(name, access, sequence(runs), beacon)
  const run = sequence([
    ...parts.before,
    ...parts.asks,
    ...parts.wait,
    ...parts.prepare,
    ...parts.burn,
    ...parts.finish,
  ])
  return {
    name,
    access,
    sleeps,
    run,
    ...compileLoops(name, access, run, beacon),
    pieces:
      access === 'none' ? piecesOf(stage, parts, context, (runs) => loops(runs).runBatch) : null,
    legs: null,
  }
}

/** What one request goes through in a stage, in this order. */
interface Parts {
  /** Decoding. */
  readonly before: readonly Run[]
  /** Tells the stall detector what the request asks for; where there is one. */
  readonly asks: readonly Run[]
  /** A wait that a reactor keeps a timer for. */
  readonly wait: readonly Run[]
  /** A wait that blocks, a read, touching of pages, making of objects. */
  readonly prepare: readonly Run[]
  readonly burn: readonly Run[]
  /** The scenario's own work, and encoding. */
  readonly finish: readonly Run[]
}

function partsOf(stage: HandlerStage, context: StepContext): Parts {
  const { codec, wait } = stage
  const waitRun = waitOf(stage, context)
  const blocks = wait?.blocking === true
  return {
    before: codec === 'decode' || codec === 'both' ? [codecRun('decode', context)] : [],
    asks: asksOf(stage, context),
    wait: blocks ? [] : waitRun,
    prepare: [...(blocks ? waitRun : []), ...workOf(stage, context)],
    burn: burnOf(stage, context),
    finish: [
      ownRun(stage.name, stage.access ?? 'none', (request, records) => {
        const result: unknown = stage.run(request, records)
        if (result !== undefined) refusePromise(stage.name, result)
      }),
      ...(codec === 'encode' || codec === 'both' ? [codecRun('encode', context)] : []),
    ],
  }
}

function piecesOf(
  stage: HandlerStage,
  parts: Parts,
  context: StepContext,
  loop: (runs: readonly Run[]) => Step['runBatch'],
): StepPieces | null {
  const { burn, wait } = stage
  const waits = wait !== undefined && wait.blocking !== true
  if (!waits && !mayBeOffloaded(stage) && burn === undefined) return null
  return {
    before: parts.before.length === 0 ? null : loop(parts.before),
    waitNs: waits ? waitNs(stage, context) : null,
    isOffloaded: mayBeOffloaded(stage) ? offloadedWhen(stage, context) : null,
    rest: loop([...parts.asks, ...parts.prepare, ...parts.burn, ...parts.finish]),
    longestBurnNs: longestBurnNs(stage),
    burnIterations: iterationsOf(stage, context),
    prepare: parts.prepare.length === 0 ? null : loop(parts.prepare),
    finish: loop(parts.finish),
  }
}

/** A read may block unless a cache of the server's own has its block, a wait where it is not 0. */
function offloadedWhen(stage: HandlerStage, context: StepContext): (request: Request) => boolean {
  const { work } = context
  const ns = waitNs(stage, context)
  const waits = stage.wait?.offload === true
  if (stage.read === undefined || stage.read.offload === false || work === undefined)
    return (request) => ns(request) > 0
  return (request) => (waits && ns(request) > 0) || !work.isCached(request.hash)
}

/** The stage on each key of a request in place of on one; what it declares is done for each. */
function compileLegs(
  stage: HandlerStage,
  context: StepContext,
  beacon: LoopBeacon,
): Pick<Step, 'run' | 'runBatch' | 'runGuarded' | 'legs'> {
  const { name, access = 'none' } = stage
  if (!context.legs)
    throw runError('no-legs', `stage has runKey, requests have one key: stage=${name}`)
  const { promises = UNSEEN_PROMISES } = context
  const splitter = new RequestSplitter(context.legs)
  const { asks, prepare, burn } = partsOf(stage, context)
  const runKey = ownRun(name, access, (leg, records) => {
    const result: unknown = stage.runKey!(leg, records)
    if (result !== undefined) refusePromise(name, result)
  })
  const perKey = sequence([...asks, ...prepare, ...burn, runKey])
  const loops = compileLoops(name, access, perKey, beacon)
  // The architectures give the views; a scenario sees them by the narrower interface.
  const legs: StepLegs = {
    split: (request) => splitter.split(request as unknown as RequestView),
    slotOf: (slot, leg) => splitter.slotOf(slot, leg),
    requestOf: (slot) => splitter.requestOf(slot),
    ...loops,
    combine: (request) => {
      beacon.words[BEACON_STAGE] = beacon.stage + 1
      try {
        const views = splitter.viewsOf(request as unknown as RequestView)
        const result: unknown = stage.combine!(request, views)
        if (result !== undefined) refusePromise(name, result)
        if (promises.made !== null) throw promiseFailure(name, promises.made)
      } catch (error) {
        throw stageFailure(name, error)
      }
      beacon.words[BEACON_STAGE] = 0
    },
  }
  const run: Run = (request, records) => {
    splitter.split(request as RequestView)
    const views = splitter.viewsOf(request as RequestView)
    for (const view of views) perKey(view, records)
    stage.combine!(request, views)
  }
  return { run, ...compileLoops(name, access, run, beacon), legs }
}

/** A function of the scenario, with just the records that its stage declares. */
function ownRun(name: string, access: Access, run: Run): Run {
  if (access === 'none') {
    const none = noRecords(name)
    return (request) => run(request, none)
  }
  if (access !== 'read') return run
  const readable = new ReadRecords(name)
  return (request: Request, records: Records) => run(request, readable.of(records))
}

function codecRun(half: 'decode' | 'encode', { codec }: StepContext): Run {
  return half === 'decode'
    ? (request) => codec.decode(request as RequestView)
    : (request) => codec.encode(request as RequestView)
}

function workOf({ name, read, touch, churn }: HandlerStage, context: StepContext): Run[] {
  const { work, codec } = context
  if (read === undefined && touch === undefined && churn === undefined) return []
  if (work === undefined)
    throw runError('no-work', `stage asks for work of a thread: stage=${name}`)
  const runs: Run[] = []
  if (read !== undefined) runs.push((request) => work.read(request.hash))
  if (touch?.requests === DRAWN)
    runs.push((request) => {
      if (codec.serviceNs(request as RequestView) > 0) work.touch(touch.pages)
    })
  else if (touch !== undefined) runs.push(() => work.touch(touch.pages))
  if (churn !== undefined) runs.push(() => work.churn(churn.objects, churn.kept ?? 0))
  return runs
}

/** Of a burn in slices and of a wait on a timer nothing is told: they hold no thread for long. */
function asksOf(stage: HandlerStage, context: StepContext): Run[] {
  const { stalls, burnIterationsPerMicro } = context
  if (stalls === undefined || sleepsIn(stage)) return []
  const iterations = iterationsOf(stage, context)
  const ns = waitNs(stage, context)
  const nsPerIteration = NS_PER_US / burnIterationsPerMicro
  return [(request) => stalls.asks(ns(request) + iterations(request) * nsPerIteration)]
}

function burnOf(stage: HandlerStage, context: StepContext): Run[] {
  if (stage.burn === undefined) return []
  const iterations = iterationsOf(stage, context)
  return [(request) => burnIterations(iterations(request))]
}

function iterationsOf(
  { burn }: HandlerStage,
  { burnIterationsPerMicro: perMicro, codec }: StepContext,
): (request: Request) => number {
  const micros = burn?.micros ?? 0
  if (micros === DRAWN) {
    const perNs = perMicro / NS_PER_US
    return (request) => Math.round(codec.serviceNs(request as RequestView) * perNs)
  }
  const iterations = Math.round(micros * perMicro)
  return () => iterations
}

function longestBurnNs({ burn }: HandlerStage): number {
  const micros = burn?.micros ?? 0
  return micros === DRAWN ? Number.POSITIVE_INFINITY : micros * NS_PER_US
}

/**
 * A wait that stops whoever executes it. One that is for a device, or known to block, is slept; one that only blocks is a
 * server's service time, and exact.
 */
function waitOf(stage: HandlerStage, context: StepContext): Run[] {
  if (stage.wait === undefined) return []
  const { blockingWait } = context
  const ns = waitNs(stage, context)
  const isExact = stage.wait.blocking === true && stage.wait.offload !== true
  return [
    isExact
      ? (request) => blockingWait.wait(ns(request))
      : (request) => blockingWait.sleep(ns(request)),
  ]
}

function waitNs({ wait }: HandlerStage, { codec }: StepContext): (request: Request) => number {
  const micros = wait?.micros ?? 0
  if (micros === DRAWN) return (request) => codec.serviceNs(request as RequestView)
  const ns = micros * NS_PER_US
  return () => ns
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
