import { globSync } from 'node:fs'
import { CrossoverError, messageOf } from '../../base/errors.ts'
import { monotonicOriginNs, ThreadClock, wallClock } from '../../base/clock.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { loadSetAffinity } from '../../measure/affinity.ts'
import { readEnvironment } from '../../measure/environment.ts'
import { type ClaimResult, type Claims, CLAIMS_VERSION } from '../../results/claims.ts'
import { SharedContexts } from '../points/contexts.ts'
import { measureReplayed } from '../rounds/measure-replayed.ts'
import { type Advance, pacingOf, type Planned } from '../rounds/pacing.ts'
import { RoundOrders } from '../rounds/round-orders.ts'
import { measureByMeasurement } from './by-measurement.ts'
import { concluded } from './outcome.ts'
import { playedCells } from './places.ts'
import {
  type AskedClaim,
  type CellClaim,
  claimExpectations,
  type ClaimEvent,
  type ClaimsHooks,
  type ClaimsRequest,
  earlierOf,
  planClaim,
  QUEUEING_ROUNDS,
  untestableText,
} from './plan.ts'
import { type ClaimMeasurement, ClaimRounds } from './rounds.ts'

/** Nodes of this machine's memory; 1 where nothing tells. */
export function memoryNodes(): number {
  return Math.max(1, globSync('/sys/devices/system/node/node[0-9]*').length)
}

/** The result before anything is measured, and with what was measured earlier. @param nodes of memory */
export function emptyClaims(request: ClaimsRequest, pinned: boolean, nodes: number): Claims {
  const { command, seed, cpus, durationSeconds, level, earlier } = request
  return {
    schemaVersion: CLAIMS_VERSION,
    complete: false,
    ending: null,
    environment: readEnvironment(pinned),
    warnings: [],
    run: {
      startedAt: earlier?.run.startedAt ?? wallClock().toISOString(),
      command,
      seed,
      elapsedSeconds: 0,
      cpus: [...cpus],
      durationSeconds,
      level,
      rounds: request.rounds,
    },
    claims: [
      ...request.claims.map((asked) => resumedClaim(request, asked, nodes)),
      ...othersOf(request),
    ],
  }
}

/** Earlier ones that are not asked for now: they stay as they are. */
function othersOf({ claims, earlier }: ClaimsRequest): readonly ClaimResult[] {
  const isAsked = ({ scenario, id }: ClaimResult) =>
    claims.some(({ loaded, criterion }) => loaded.scenario.name === scenario && criterion.id === id)
  return (earlier?.claims ?? []).filter((claim) => !isAsked(claim))
}

/** With what there is of it; more rounds than before go on where those ended. */
function resumedClaim(request: ClaimsRequest, asked: AskedClaim, nodes: number): ClaimResult {
  const begun = begunClaim(request, asked, nodes)
  const earlier = earlierOf(request, asked)
  // What was not testable there may be here.
  if (earlier === null || earlier.figures.length === 0) return begun
  const { plannedRounds } = begun
  return {
    ...earlier,
    plannedRounds,
    complete: earlier.complete && earlier.plannedRounds >= plannedRounds,
  }
}

function begunClaim(request: ClaimsRequest, asked: AskedClaim, nodes: number): ClaimResult {
  const { criterion, loaded } = asked
  const processors = request.cpus.length
  const untestable = untestableText(criterion, processors, nodes)
  const planned = untestable === null && 'cells' in criterion ? planClaim(request, asked) : null
  return {
    scenario: loaded.scenario.name,
    from: asked.from,
    ...(loaded.sources && { sources: { ...loaded.sources } }),
    id: criterion.id,
    claim: criterion.claim,
    source: criterion.source ?? null,
    criterion: { ...criterion },
    complete: untestable !== null,
    ending: null,
    elapsedSeconds: 0,
    plannedRounds: planned?.rounds ?? (untestable === null ? QUEUEING_ROUNDS : 0),
    cells: planned === null ? [] : playedCells(planned.cells, processors),
    sets: [],
    screened: null,
    usefulWithinNs: null,
    figures: [],
    conditions: [],
    outcome: untestable === null ? 'pending' : 'not-testable',
    reason: untestable ?? '',
    markedTrials: { count: 0, of: 0, byGate: {} },
    warnings: [],
  }
}

/**
 * Tests one claim after the other. `hooks.save` gets the result after every trial. A claim whose measurement fails says so and the
 * others go on; the first such failure is thrown at the end.
 * @throws CrossoverError of kind `run` when it is interrupted, or one of the claims failed.
 */
export async function runClaims(
  request: Planned<ClaimsRequest>,
  hooks: ClaimsHooks,
): Promise<Claims> {
  const claims = emptyClaims(request, loadSetAffinity() !== null, memoryNodes())
  const clock = new ThreadClock(monotonicOriginNs())
  const elapsedSeconds = () => clock.nowNs() / NS_PER_SECOND
  const save = () => {
    claims.run.elapsedSeconds = elapsedSeconds()
    hooks.save(claims)
  }
  const failures: unknown[] = []
  const isOpen = (claim: ClaimResult) => !claim.complete
  for (const [index, asked] of request.claims.entries()) {
    const claim = claims.claims[index]!
    if (claim.complete) continue
    const left = claims.claims.slice(index, request.claims.length).filter(isOpen).length
    const budget = request.budgetSeconds
    // An equal share of what is left: one that needs less leaves more to the others.
    const budgetSeconds = budget === null ? null : Math.max(1, (budget - elapsedSeconds()) / left)
    const place = { claims, claim, number: index + 1, of: request.claims.length }
    try {
      await measureClaim({ ...request, budgetSeconds }, asked, place, { ...hooks, save })
    } catch (failure) {
      claim.ending = messageOf(failure)
      Object.assign(claim, concluded(claim, asked.criterion))
      // Its share of the budget was too small: it can be resumed.
      if (!(failure instanceof CrossoverError && failure.code === 'nothing-measured'))
        failures.push(failure)
      // The next ones would be measured on the same machine.
      const isNoisy = failure instanceof CrossoverError && failure.code === 'noisy'
      if (hooks.signal.aborted || isNoisy) break
    }
    save()
  }
  claims.complete = failures.length === 0
  claims.ending = failures.length === 0 ? null : messageOf(failures[0])
  save()
  if (failures.length > 0) throw firstOf(failures, claims)
  return claims
}

/** A claim among all. */
interface ClaimPlace extends Pick<ClaimEvent, 'number' | 'of'> {
  readonly claims: Claims
  readonly claim: ClaimResult
}

async function measureClaim(
  request: Planned<ClaimsRequest>,
  asked: AskedClaim,
  place: ClaimPlace,
  hooks: Omit<ClaimsHooks, 'save'> & { readonly save: () => void },
): Promise<void> {
  const { claims, claim, number, of } = place
  if ('cells' in asked.criterion) {
    await measureCells(request, planClaim(request, asked), place, hooks)
    return
  }
  if (!('by' in asked.criterion)) return
  const clock = new ThreadClock(monotonicOriginNs())
  const elapsedSeconds = () => clock.nowNs() / NS_PER_SECOND
  const tell = (doing: string, fraction: number) => {
    const event = { id: claim.id, number, of, round: 1, rounds: 1, what: null, trial: null, doing }
    hooks.onEvent(event, claims, { fraction, secondsLeft: 0 })
  }
  const save = () => {
    claim.elapsedSeconds = elapsedSeconds()
    hooks.save()
  }
  const secondsLeft = () => (request.budgetSeconds ?? Infinity) - elapsedSeconds()
  await measureByMeasurement(request, asked.criterion, claim, {
    tell,
    save,
    signal: hooks.signal,
    secondsLeft,
  })
  claim.complete = true
}

async function measureCells(
  request: ClaimsRequest,
  planned: CellClaim,
  { claims, claim, number, of }: ClaimPlace,
  hooks: Omit<ClaimsHooks, 'save'> & { readonly save: () => void },
): Promise<void> {
  const { loaded, criterion, plan } = planned
  const contexts = new SharedContexts(async (at) => {
    const { params, cores, virtualCores, arms } = plan.sites[at]!
    const cpus = request.cpus.slice(0, cores)
    return { loaded: { ...loaded, params }, arms, cpus, virtualCores, signal: hooks.signal }
  })
  const orders = new RoundOrders(request.seed, `${loaded.scenario.name} ${criterion.id}`)
  claim.ending = null
  const result: ClaimMeasurement = {
    complete: false,
    ending: null,
    environment: claims.environment,
    warnings: claim.warnings,
    run: { elapsedSeconds: 0 },
    claim,
  }
  const parts = {
    orders,
    hooks: {
      onEvent: (event: ClaimEvent, _: ClaimMeasurement, advance: Advance) =>
        hooks.onEvent(event, claims, advance),
      save: hooks.save,
      signal: hooks.signal,
      endsInNoise: hooks.endsInNoise ?? false,
    },
  }
  const expectations = claimExpectations(planned)
  try {
    const first = await contexts.at(0)
    const pacing = pacingOf(first.clock, request.budgetSeconds)
    const rounds = new ClaimRounds(request, planned, result, { ...parts, pacing }, { number, of })
    await measureReplayed(rounds, {
      request: {
        ...request,
        loaded,
        durationSeconds: planned.durationSeconds,
        plan: { lines: [], seconds: 0, expectations },
      },
      armCount: Math.max(...plan.sites.map(({ arms }) => arms.length)),
      orders,
      pacing,
      first,
      contexts,
    })
  } finally {
    await contexts.close()
  }
}

/** Keeps its code, and says how many there were. */
function firstOf(failures: readonly unknown[], { claims }: Claims): unknown {
  const [first] = failures
  if (failures.length === 1 || !(first instanceof CrossoverError)) return first
  const message = `${failures.length} of ${claims.length} claims could not be measured to their end; the first: ${first.message}`
  return new CrossoverError('run', first.code, message, first.cure, first)
}
