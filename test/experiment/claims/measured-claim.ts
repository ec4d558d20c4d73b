import type { Clock } from '../../../harness/base/clock.ts'
import { NS_PER_SECOND } from '../../../harness/base/units.ts'
import type { CellCriterion } from '../../../harness/contract/claim.ts'
import { type ClaimsRequest, planClaim } from '../../../harness/experiment/claims/plan.ts'
import { ClaimRounds } from '../../../harness/experiment/claims/rounds.ts'
import { measureByRounds } from '../../../harness/experiment/rounds/loop.ts'
import { Pacing } from '../../../harness/experiment/rounds/pacing.ts'
import { RoundOrders } from '../../../harness/experiment/rounds/round-orders.ts'
import type { ClaimResult, Claims } from '../../../harness/results/claims.ts'
import type { Trial } from '../../../harness/results/schema.ts'
import { FakeServers, type Behaviour, type Played } from '../rounds/fake-servers.ts'
import { sampleTrial } from '../sample-trial.ts'
import { begunMeasurement, CRITERION, ONE_CLAIM, sampleRequest } from './sample-claim.ts'

export const READS = 0
export const UPDATES = 1

/** Latencies alike at every percentile. */
export const latency = (ns: number): Partial<Trial> => ({
  percentiles: sampleTrial({}, ns).percentiles,
  gates: [],
})

/** Trials of updates take so many times as long as those of reads, give or take some percent from round to round. */
export const updatesTake =
  (times: number, spread = 0.01) =>
  ({ at, number }: Played): Partial<Trial> =>
    latency(at === UPDATES ? 1_000 * times * (1 + spread * Math.sin(number)) : 1_000)

/** A claim measured against servers that behave so. */
export async function measured(
  behaviour: Behaviour,
  {
    criterion = CRITERION,
    ...changes
  }: Partial<ClaimsRequest> & { criterion?: CellCriterion } = {},
): Promise<{
  readonly claim: ClaimResult
  readonly servers: FakeServers
  readonly failure: unknown
}> {
  const request = { ...(await sampleRequest(criterion)), ...changes }
  const claim = planClaim(request, request.claims[0]!)
  const measurement = begunMeasurement(request)
  const servers = new FakeServers(behaviour)
  const pacing = new Pacing(() => servers.seconds, Infinity)
  const { signal } = new AbortController()
  const hooks = { onEvent: () => {}, save: () => {}, signal }
  const orders = new RoundOrders(7, 'claims')
  const rounds = new ClaimRounds(request, claim, measurement, { orders, pacing, hooks }, ONE_CLAIM)
  const failure: unknown = await measureByRounds(rounds, {
    servers: { cpuSeconds: () => 0 },
    makeServer: servers.make,
    expectations: { deploy: 1, 'warm-up': 1, search: 2, capacity: 2, set: 1, aside: 0 },
    pacing,
    cpus: request.cpus,
    clock: { nowNs: () => servers.seconds * NS_PER_SECOND } as Clock,
  }).catch((error: unknown) => error)
  return { claim: measurement.claim, servers, failure }
}

/** What a resumed measurement reads of it. */
export const fileOf = (claim: ClaimResult): Claims =>
  ({ run: { startedAt: '2026-11-20T08:00:00.000Z' }, claims: [claim] }) as unknown as Claims
