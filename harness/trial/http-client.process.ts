import { ThreadClock, clockErrorNs } from '../base/clock.ts'
import { runError, toSentError } from '../base/errors.ts'
import { ClosedLoopProbe } from '../load/closed-loop-probe.ts'
import type { LoadClient, LoadPlan, ClientOrder, ClientReply } from '../load/load-plan.ts'
import { connectOpenLoop } from '../load/open-loop-client.ts'
import { loadSetAffinity, loadYieldProcessor, minimizeTimerSlack } from '../measure/affinity.ts'

/*
 * The client of real sockets, in a process of its own: it has an event loop and a collector to itself, is pinned to
 * processors that the servers do not use where there are any, and goes on when the servers are stopped. It plays one
 * plan after another.
 */
let client: LoadClient | undefined
let clock: ThreadClock | undefined
let originNs = 0n
const yieldProcessor = loadYieldProcessor()
minimizeTimerSlack(process.pid)

async function play(plan: LoadPlan, polite: boolean): Promise<void> {
  originNs = plan.originNs
  clock ??= new ThreadClock(originNs)
  const playing =
    plan.offeredPerSecond === null
      ? new ClosedLoopProbe(plan, clock)
      : await connectOpenLoop(plan, clock, polite && yieldProcessor ? { yieldProcessor } : {})
  client = playing
  send({ kind: 'warm', warmUpNs: await playing.warmUp() })
}

async function measure(startNs: number): Promise<void> {
  if (client === undefined || clock === undefined) throw runError('client', 'nothing is played')
  const result = await client.steadyState(startNs)
  await client.close()
  client = undefined
  send({ kind: 'measured', result, clockErrorNs: clockErrorNs(clock, originNs) })
}

function send(reply: ClientReply): void {
  process.send?.(reply)
}

function start(work: Promise<void>): void {
  work.catch((error: unknown) => send({ kind: 'failed', ...toSentError(error) }))
}

process.on('message', (order: ClientOrder) => {
  if (order.kind === 'place') loadSetAffinity()?.(process.pid, order.cpus)
  else if (order.kind === 'play') start(play(order.plan, order.polite))
  else start(measure(order.startNs))
})
process.on('disconnect', () => process.exit())
// Terminals and service managers signal all processes: when this one ends is for the run to say.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
