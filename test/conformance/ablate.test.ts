import { expect, test } from 'vitest'
import { runAblation } from '../../harness/experiment/ablate/ablate.ts'
import { parseChain } from '../../harness/experiment/ablate/chain.ts'
import {
  type AblationEvent,
  type AblationRequest,
  planAblation,
} from '../../harness/experiment/ablate/plan.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { parseSingleLoad } from '../../harness/asked/loads.ts'
import { type Ablation, ablationSchema } from '../../harness/results/ablate.ts'
import { CPUS } from './bench.ts'

const TIME_LIMIT_MS = 60_000

async function requestOf(changes: Partial<AblationRequest> = {}): Promise<AblationRequest> {
  return {
    loaded: await loadScenario('kv-update', { keys: '1000' }),
    chain: parseChain('staged:layout=fused,sharded'),
    load: parseSingleLoad('5000/s'),
    rounds: 1,
    capacityRounds: 1,
    level: 0.5,
    durationSeconds: 0.1,
    answersOnly: true,
    budgetSeconds: null,
    cpus: CPUS,
    seed: 7,
    command: 'crossover ablate kv-update',
    ...changes,
  }
}

/** What an ablation returned or threw, every state that it saved, and what it told. */
async function observe(
  request: AblationRequest,
  onEvent: (event: AblationEvent, abort: () => void) => void,
) {
  const interruption = new AbortController()
  const saved: Ablation[] = []
  const events: AblationEvent[] = []
  const fractions: number[] = []
  const outcome: unknown = await runAblation(
    { ...request, plan: planAblation(request) },
    {
      onEvent: (event, _, { fraction }) => {
        events.push(event)
        fractions.push(fraction)
        onEvent(event, () => interruption.abort())
      },
      save: (ablation) => saved.push(ablationSchema.parse(JSON.parse(JSON.stringify(ablation)))),
      signal: interruption.signal,
    },
  ).catch((error: unknown) => error)
  return { outcome, saved, last: saved.at(-1)!, events, fractions }
}

test(
  'a tiny one measures capacities, a round and the ends',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, saved, last, events, fractions } = await observe(await requestOf(), () => {})
    expect(outcome).not.toBeInstanceOf(Error)
    expect(last).toMatchObject({
      complete: true,
      ending: null,
      load: { label: '5000/s', perSecond: 5_000 },
    })
    expect(saved.slice(0, -1).every((state) => !state.complete)).toBe(true)
    const { capacity, latency } = last.measured
    for (const round of [
      ...capacity.rounds,
      ...capacity.ends,
      ...latency.rounds,
      ...latency.ends,
    ]) {
      expect(round.trials.map((trial) => trial.arm)).toEqual(round.order)
      expect(round.trials.every((trial) => trial.void === null)).toBe(true)
    }
    expect(last.steps[0]?.ratios.throughput).toMatchObject({ n: 1 })
    expect(last.endpoints.throughput).toMatchObject({ n: 1 })
    expect(last.arms.every((arm) => (arm.figures.throughput?.value ?? 0) > 5_000)).toBe(true)
    expect(last.markedTrials.of).toBe(8)
    expect(events.filter(({ trial }) => trial !== null)).toHaveLength(8)
    expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...fractions)).toBeLessThan(1)
  },
)

test(
  'an interrupted one keeps what it has measured and says why it ended',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, last } = await observe(await requestOf(), ({ trial, arm }, abort) => {
      if (trial !== null && arm !== null) abort()
    })
    expect(outcome).toMatchObject({ kind: 'run', code: 'interrupted' })
    expect(last).toMatchObject({ complete: false, ending: 'the run was interrupted' })
    expect(last.measured.capacity.rounds[0]?.trials).toHaveLength(1)
  },
)

test(
  'one whose budget is used up before the first trial is not done and says so',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, last } = await observe(await requestOf({ budgetSeconds: 0.001 }), () => {})
    expect(outcome).toMatchObject({ kind: 'run', code: 'nothing-measured' })
    expect(last.measured.latency.rounds).toEqual([])
    expect(last.warnings.map((warning) => warning.code)).toContain('budget-used')
  },
)

test(
  'a step to shard-aware routing of clients that cannot choose their port has a warning',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const request = await requestOf({
      loaded: await loadScenario('heavy-clients', {}),
      chain: parseChain('sharded,sharded:routing=shard-aware'),
      load: parseSingleLoad('500/s'),
      budgetSeconds: 0.001,
    })
    const { last } = await observe(request, () => {})
    expect(last.warnings.find(({ code }) => code === 'routing')?.message).toContain(
      'sharded:routing=shard-aware: routing=shard-aware has no effect',
    )
    const plain = await observe(await requestOf({ budgetSeconds: 0.001 }), () => {})
    expect(plain.last.warnings.map(({ code }) => code)).not.toContain('routing')
  },
)
