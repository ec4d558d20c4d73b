import { MessageChannel } from 'node:worker_threads'
import { runError } from '../../base/errors.ts'
import { CostThread } from './cost-thread.ts'
import { createPairMemory } from './exercises.ts'
import { labelOf, type RoundFigure } from './figures.ts'
import type { PairReply, PairThreadStart, PairTurn } from './pair-costs.worker.ts'
import type { CalibrationContext, CalibrationPlan } from './plan.ts'
import { PAIR_MEASUREMENTS, type PairMeasurement } from './rows.ts'

/** Beyond the planned time: start-up, and a machine that others use. */
const GRACE_SECONDS = 30

/** What needs two threads, or waits: turns of a leader and a follower, all measurements in each round. */
export async function measurePairCosts(
  context: CalibrationContext,
  plan: CalibrationPlan['pair'],
): Promise<void> {
  const pair = await CostPair.start(context, plan)
  try {
    const measurements = PAIR_MEASUREMENTS.filter((measurement) => pair.canMeasure(measurement))
    // The first round is for the compiler.
    for (let round = 0; round <= plan.rounds; round++) {
      if (round > 1 && context.elapsedSeconds() >= plan.endsAtSeconds) return
      for (const measurement of measurements) {
        const label = labelOf(measurement.name)
        context.tell(
          round === 0
            ? `two threads, warm-up: ${label}`
            : `two threads, round ${round} of ${plan.rounds}: ${label}`,
        )
        const figure = await pair.measure(measurement, plan.sliceSeconds)
        if (round > 0) context.figures.add(measurement.name, figure)
      }
      context.save()
    }
  } finally {
    await pair.end()
  }
}

/** The two threads. */
class CostPair {
  readonly #context: CalibrationContext
  readonly #leader: CostThread<PairReply>
  readonly #follower: CostThread<PairReply>
  #leaderId: number | null = null
  #followerId: number | null = null
  #hasExactTimers = false

  private constructor(
    context: CalibrationContext,
    { rounds, sliceSeconds }: CalibrationPlan['pair'],
  ) {
    const { originNs, signal } = context
    this.#context = context
    const memory = createPairMemory()
    const { port1, port2 } = new MessageChannel()
    const limitSeconds = 2 * (rounds + 1) * PAIR_MEASUREMENTS.length * sliceSeconds + GRACE_SECONDS
    const startThread = (role: PairThreadStart['role'], port: typeof port1) =>
      new CostThread<PairReply>({
        entry: new URL('pair-costs.worker.ts', import.meta.url),
        data: { originNs, role, memory, port } satisfies PairThreadStart,
        transfer: [port],
        limitSeconds,
        signal,
      })
    this.#leader = startThread('leader', port1)
    this.#follower = startThread('follower', port2)
  }

  /** Both threads, ready and where they belong. */
  static async start(
    context: CalibrationContext,
    plan: CalibrationPlan['pair'],
  ): Promise<CostPair> {
    const pair = new CostPair(context, plan)
    try {
      const leader = await expectReply(pair.#leader, 'ready')
      const follower = await expectReply(pair.#follower, 'ready')
      pair.#leaderId = leader.threadId
      pair.#followerId = follower.threadId
      pair.#hasExactTimers = leader.hasExactTimers
      return pair
    } catch (error) {
      await pair.end()
      throw error
    }
  }

  /** Whether this machine can; leaves the reason in the figures when it cannot. */
  canMeasure({ name, exercise, place }: PairMeasurement): boolean {
    const { cpus, setAffinity, figures } = this.#context
    const why =
      place === 'apart' && cpus.length < 2
        ? 'needs two processors'
        : place === 'together' && setAffinity === null
          ? 'threads cannot be bound to a processor here'
          : exercise === 'timer' && !this.#hasExactTimers
            ? 'the timer slack cannot be changed here'
            : undefined
    if (why !== undefined) figures.setAbsent(name, why)
    return why === undefined
  }

  /** One turn of both threads. */
  async measure({ exercise, place }: PairMeasurement, seconds: number): Promise<RoundFigure> {
    this.#place(place)
    const turn: PairTurn = { exercise, seconds }
    this.#follower.send(turn)
    await expectReply(this.#follower, 'begins')
    this.#leader.send(turn)
    await expectReply(this.#leader, 'begins')
    // Both at once: whichever fails is heard.
    const [{ figure }] = await Promise.all([
      expectReply(this.#leader, 'ended'),
      expectReply(this.#follower, 'ended'),
    ])
    if (figure === null) throw runError('calibration-pair', `nothing measured: ${exercise}`)
    return figure
  }

  #place(place: PairMeasurement['place']): void {
    const { cpus, setAffinity } = this.#context
    const first = cpus.slice(0, 1)
    if (this.#leaderId !== null) setAffinity?.(this.#leaderId, first)
    if (this.#followerId === null) return
    setAffinity?.(
      this.#followerId,
      place === 'together' || cpus.length < 2 ? first : cpus.slice(1, 2),
    )
  }

  async end(): Promise<void> {
    await Promise.all([this.#leader.end(), this.#follower.end()])
  }
}

async function expectReply<Kind extends Exclude<PairReply['kind'], 'failed'>>(
  thread: CostThread<PairReply>,
  kind: Kind,
): Promise<Extract<PairReply, { readonly kind: Kind }>> {
  const reply = await thread.next()
  if (reply.kind === kind) return reply as Extract<PairReply, { readonly kind: Kind }>
  throw runError('calibration-pair', `unexpected reply: expected=${kind} got=${reply.kind}`)
}
