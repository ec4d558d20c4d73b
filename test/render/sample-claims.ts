import type { CellCriterion } from '../../harness/contract/claim.ts'
import { summarizeClaim } from '../../harness/experiment/claims/summary.ts'
import type { Claims, ClaimResult } from '../../harness/results/claims.ts'
import { CRITERION } from '../experiment/claims/sample-claim.ts'
import { sampleReport } from './sample-report.ts'

const LEVEL = 0.95
const NAMES = Object.keys(CRITERION.cells)

/** A claim over so many rounds in which the p99 of updates is so many times that of reads, give or take 8 %. */
function sampleClaimResult(criterion: CellCriterion, times: number, rounds: number): ClaimResult {
  const claim: ClaimResult = {
    scenario: 'kv-update',
    from: 'kv-update',
    id: criterion.id,
    claim: criterion.claim,
    source: criterion.source ?? null,
    criterion: JSON.parse(JSON.stringify(criterion)) as Record<string, unknown>,
    complete: rounds === 8,
    ending: null,
    elapsedSeconds: 12 * rounds,
    plannedRounds: 8,
    cells: NAMES.map((name, index) => ({
      name,
      arm: {
        label: name.split(' ')[0]!,
        architecture: index % 2 === 0 ? 'staged' : 'sharded',
        options: {},
      },
      params: { updatePercent: index < 2 ? 0 : 100 },
      load: '20%',
      loadOf: 'smallest',
      cores: 2,
      virtualCores: null,
      offeredPerSecond: 12_000,
      sustainedPerSecond: 60_000 + 1_000 * index,
    })),
    sets: Array.from({ length: 2 * rounds }, (_, number) => {
      const order = NAMES.slice(2 * (number % 2), 2 * (number % 2) + 2)
      return {
        round: number >> 1,
        place: number % 2,
        seed: number,
        offeredPerSecond: 12_000,
        order,
        trials: order.map((cell, index) => {
          const ns = 40_000 * (1 + 0.08 * Math.sin(7 * number + index))
          const p99 = cell === 'staged updates' ? ns * times : ns
          return {
            cell,
            startedAtSeconds: 6 * number + index,
            figures: { p50: p99 / 4, p99, throughput: 12_000 },
            failedGates: number === 3 ? ['noise'] : [],
            void: null,
          }
        }),
        discarded: [],
      }
    }),
    screened: null,
    usefulWithinNs: null,
    figures: [],
    conditions: [],
    outcome: 'pending',
    reason: '',
    markedTrials: { count: 0, of: 0, byGate: {} },
    warnings: [],
  }
  summarizeClaim(claim, criterion, LEVEL)
  return claim
}

/** One that no experiment here decides. */
function untestable(): ClaimResult {
  return {
    ...sampleClaimResult({ ...CRITERION, id: 'M4', claim: 'More machines serve more.' }, 1, 0),
    cells: [],
    figures: [],
    plannedRounds: 0,
    complete: true,
    outcome: 'not-testable',
    reason: 'it takes a second machine',
  }
}

/** Of each outcome one. */
export function sampleClaims(): Claims {
  const condition = {
    name: 'switches per request, updates ÷ reads',
    unit: '×',
    of: CRITERION.figures[0].of,
    holds: { above: 2 },
  } as const
  return {
    schemaVersion: 1,
    complete: true,
    ending: null,
    environment: sampleReport().environment,
    warnings: [],
    run: {
      startedAt: '2026-11-22T19:53:58.000Z',
      command: 'npx crossover claims --seed 9',
      seed: 9,
      elapsedSeconds: 412.3,
      cpus: [0, 1],
      durationSeconds: 0.5,
      level: LEVEL,
      rounds: 8,
    },
    claims: [
      sampleClaimResult({ ...CRITERION, source: 'the interview, 12:30' }, 1.6, 8),
      sampleClaimResult({ ...CRITERION, id: 'M2', claim: 'Updates are dear.' }, 1, 8),
      sampleClaimResult({ ...CRITERION, id: 'M3', onlyIf: [condition] }, 1.6, 8),
      untestable(),
      sampleClaimResult({ ...CRITERION, id: 'M5-staged' }, 1.26, 8),
      sampleClaimResult({ ...CRITERION, id: 'M6', claim: 'Updates cost a little.' }, 1.18, 8),
    ],
  }
}

/** That was interrupted in its second claim. */
export function troubledClaims(): Claims {
  const claims = sampleClaims()
  const ending = 'the run was interrupted'
  const cut: ClaimResult = {
    ...sampleClaimResult({ ...CRITERION, id: 'M2' }, 1.6, 3),
    warnings: [{ code: 'budget-used', message: 'the time was used up', cure: 'give more' }],
    ending,
  }
  const pending = sampleClaimResult({ ...CRITERION, id: 'M3' }, 1, 0)
  return { ...claims, complete: false, ending, claims: [claims.claims[0]!, cut, pending] }
}
