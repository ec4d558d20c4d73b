import { expect, test } from 'vitest'
import { boundedBatch, declaredNs } from '../../harness/scenario/declared-work.ts'
import { listScenarios, loadScenario } from '../../harness/scenario/load.ts'
import { shortTrial } from './bench.ts'
import { expectSound } from './expect-sound.ts'

test.each(listScenarios())(
  '%s keeps no key for longer than a task quota at its defaults: nobody could slice that',
  async (name) => {
    const { scenario, params } = await loadScenario(name, {})
    const workload = scenario.workload(params)
    const keyed = scenario
      .stages(params)
      .filter((stage) => 'run' in stage && (stage.access ?? 'none') !== 'none')
    // Two requests still make a batch.
    for (const stage of keyed) expect(boundedBatch(2, declaredNs(stage, workload))).toBe(2)
  },
)

test.each(['1', '2', '5', '8'])(
  '%s stages share the work of stage-handoff alike',
  async (stages) => {
    const { scenario, params } = await loadScenario('stage-handoff', { stages, workMicros: '12' })
    const made = scenario.stages(params)
    expect(made).toHaveLength(Number(stages))
    const micros = made.map((stage) => 'run' in stage && stage.burn?.micros)
    expect(micros).toEqual(made.map(() => 12 / Number(stages)))
    const codecs = made.map(({ codec }) => codec ?? '-').join('')
    expect(codecs).toMatch(stages === '1' ? /^both$/ : /^decode-*encode$/)
  },
)

const TIME_LIMIT_MS = 20_000
const OFFERED_PER_SECOND = 5_000

test.each([
  ['0', 'no request needs messages'],
  ['100', 'every request needs messages'],
])(
  'cross-shard with remotePercent=%s on sharded: %s',
  { timeout: TIME_LIMIT_MS },
  async (remotePercent) => {
    const trial = await shortTrial({
      scenario: 'cross-shard',
      arm: 'sharded',
      parameters: { remotePercent },
      offeredPerSecond: OFFERED_PER_SECOND,
    })
    expectSound(trial)
    // Threads may count for longer than the steady state lasts, most on a busy machine.
    const { messages } = trial.counters
    const isRemote = remotePercent === '100'
    expect([messages === 0, messages! > trial.counts.completed]).toEqual([!isRemote, isRemote])
  },
)

test.each(
  ['staged', 'staged:layout=fused', 'sharded'].flatMap((arm) => [
    [arm, '1'],
    [arm, '8'],
  ]),
)(
  '%s answers every request of stage-handoff with stages=%s',
  async (arm, stages) => {
    const trial = await shortTrial({
      scenario: 'stage-handoff',
      arm: arm!,
      parameters: { stages: stages! },
      offeredPerSecond: OFFERED_PER_SECOND,
    })
    expectSound(trial)
    expect(trial.counters.messages ?? 0).toBe(0)
  },
  TIME_LIMIT_MS,
)

test.each(['staged', 'staged:locks=single', 'staged:locks=reader-writer', 'sharded'])(
  '%s stays right where every request of lock-contention writes the same key',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await shortTrial({
      scenario: 'lock-contention',
      arm,
      parameters: { writePercent: '100', sectionMicros: '50', theta: '1.2', keys: '1' },
      offeredPerSecond: OFFERED_PER_SECOND,
    })
    expectSound(trial)
    expect(trial.void).toBeNull()
  },
)
