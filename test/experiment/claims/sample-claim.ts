import type { CellCriterion, Criterion } from '../../../harness/contract/claim.ts'
import { emptyClaims } from '../../../harness/experiment/claims/claims.ts'
import {
  type AskedClaim,
  type CellClaim,
  type ClaimsRequest,
  planClaim,
} from '../../../harness/experiment/claims/plan.ts'
import type { ClaimMeasurement } from '../../../harness/experiment/claims/rounds.ts'
import { loadScenario } from '../../../harness/scenario/load.ts'

export const ONE_CLAIM = { number: 1, of: 1 }

/** Two places with both architectures each: reads alone, and updates alone. */
export const CRITERION = {
  id: 'M1',
  claim: 'Updates cost more where data are shared.',
  cells: {
    'staged reads': { arm: 'staged', params: { updatePercent: 0 }, load: '20%' },
    'sharded reads': { arm: 'sharded', params: { updatePercent: 0 }, load: '20%' },
    'staged updates': { arm: 'staged', params: { updatePercent: 100 }, load: '20%' },
    'sharded updates': { arm: 'sharded', params: { updatePercent: 100 }, load: '20%' },
  },
  figures: [
    {
      name: 'p99, staged, updates ÷ reads',
      unit: '×',
      of: {
        ratio: [
          { cell: 'staged updates', metric: 'p99' },
          { cell: 'staged reads', metric: 'p99' },
        ],
      },
      confirmed: { above: 1.25 },
      refuted: { below: 1.1 },
    },
    {
      name: 'the same of sharded',
      unit: '×',
      of: {
        ratio: [
          { cell: 'sharded updates', metric: 'p99' },
          { cell: 'sharded reads', metric: 'p99' },
        ],
      },
    },
  ],
} as const satisfies CellCriterion

/** A request of eight rounds for one claim of `kv-update`. */
export async function sampleRequest(criterion: Criterion = CRITERION): Promise<ClaimsRequest> {
  const loaded = await loadScenario('kv-update', {})
  const claim: AskedClaim = {
    loaded,
    from: 'kv-update',
    where: 'scenario kv-update',
    criterion,
  }
  return {
    claims: [claim],
    rounds: 8,
    roundsAreAsked: false,
    level: 0.95,
    durationSeconds: 0.4,
    answersOnly: false,
    budgetSeconds: null,
    cpus: [0, 1],
    seed: 7,
    command: 'crossover claims M1',
    earlier: null,
  }
}

export async function sampleClaim(
  criterion: CellCriterion = CRITERION,
): Promise<{ readonly request: ClaimsRequest; readonly claim: CellClaim }> {
  const request = await sampleRequest(criterion)
  return { request, claim: planClaim(request, request.claims[0]!) }
}

/** Before anything is measured, or where an earlier measurement ended. */
export function begunMeasurement(request: ClaimsRequest): ClaimMeasurement {
  const { environment, warnings, claims } = emptyClaims(request, false, 1)
  const [claim] = claims
  return {
    complete: false,
    ending: null,
    environment,
    warnings,
    run: { elapsedSeconds: 0 },
    claim: claim!,
  }
}
