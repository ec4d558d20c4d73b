import { ThreadClock } from '../base/clock.ts'
import { runError, toSentError } from '../base/errors.ts'
import { createClosedLoop } from '../load/closed-loop-probe.ts'
import type { LoadClient, LoadPlan } from '../load/load-plan.ts'
import { connectOpenLoop } from '../load/open-loop-client.ts'
import { loadYieldProcessor } from '../measure/affinity.ts'
import type { ClientOrder, ClientReply } from './client-process.ts'

/*
 * The client of real sockets, in a process of its own: it has an event loop and a collector to itself, is pinned to
 * processors that the servers do not use where there are any, and goes on when the servers are stopped. It plays one
 * plan after another.
 */
let client: LoadClient | undefined
const yieldProcessor = loadYieldProcessor()

async function play(plan: LoadPlan, polite: boolean): Promise<void> {
  const clock = new ThreadClock(plan.originNs)
  const playing =
    plan.offeredPerSecond === null
      ? createClosedLoop(plan, clock)
      : await connectOpenLoop(plan, clock, polite && yieldProcessor ? { yieldProcessor } : {})
  client = playing
  send({ kind: 'warm', warmUpNs: await playing.warmUp() })
}

async function measure(startNs: number): Promise<void> {
  if (client === undefined) throw runError('client', 'nothing is played')
  const result = await client.steadyState(startNs)
  await client.close()
  client = undefined
  send({ kind: 'measured', result })
}

function send(reply: ClientReply): void {
  process.send?.(reply)
}

function start(work: Promise<void>): void {
  work.catch((error: unknown) => send({ kind: 'failed', ...toSentError(error) }))
}

process.on('message', (order: ClientOrder) => {
  if (order.kind === 'play') start(play(order.plan, order.polite))
  else start(measure(order.startNs))
})
process.on('disconnect', () => process.exit())
// The terminal sends Ctrl-C to all processes: when this one ends is for the run to say.
process.on('SIGINT', () => {})
