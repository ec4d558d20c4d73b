import { expect, test } from 'vitest'
import { estimateBreakEven } from '../../../harness/experiment/run/round-capacities.ts'
import type { Arm } from '../../../harness/contract/architecture.ts'
import { parseArms } from '../../../harness/asked/arms.ts'
import type { Estimate, Report } from '../../../harness/results/schema.ts'
import { breakEvenRatio } from '../../../harness/stats/queueing.ts'

const CORES = 4

function estimate(value: number, lower: number, upper: number, n = 3): Estimate {
  return { value, lower, upper, level: null, n, unit: 'ns' }
}

const CPU = { staged: estimate(8_000, 7_000, 9_000), sharded: estimate(6_000, 5_000, 7_500, 2) }

function reportOf(arms: string, cpuPerRequestNs: Readonly<Record<string, Estimate>> = CPU) {
  const capacity = {
    windowPerPort: 64,
    sustained: {},
    sustainedRatios: [null],
    saturated: {},
    inlineCeiling: null,
    overheadNs: {},
    cpuPerRequestNs: { ...cpuPerRequestNs },
  }
  const armOf = ({ label, architecture, options }: Arm) => ({
    label,
    architecture,
    options: { ...options },
  })
  return { arms: parseArms(arms).map(armOf), capacity } satisfies Pick<Report, 'arms' | 'capacity'>
}

test('without an objective the limit is ten times the CPU of a staged request', () => {
  const found = estimateBreakEven(reportOf('staged,sharded'), CORES, null)
  expect(found).toMatchObject({
    cores: CORES,
    staged: 'staged',
    sharded: 'sharded',
    objective: { percentile: 'p99', ns: 80_000, source: 'ten-services' },
    breakEvenRatio: breakEvenRatio(CORES, 80_000, 8_000, 0.99),
  })
})

test('the user’s objective is used as it is', () => {
  const asked = { percentile: 'p99_9', limitNs: 500_000 } as const
  const found = estimateBreakEven(reportOf('staged,sharded'), CORES, asked)
  expect(found).toMatchObject({
    objective: { percentile: 'p99_9', ns: 500_000, source: 'slo' },
    breakEvenRatio: breakEvenRatio(CORES, 500_000, 8_000, 0.999),
  })
})

test('what was measured is sharded ÷ staged, whichever arm is first', () => {
  const measuredRatio = {
    value: 0.75,
    lower: 5_000 / 9_000,
    upper: 7_500 / 7_000,
    level: null,
    n: 2,
    unit: '×',
  }
  for (const arms of ['staged,sharded', 'sharded,staged'])
    expect(estimateBreakEven(reportOf(arms), CORES, null)).toMatchObject({ measuredRatio })
})

test.each([
  ['both arms are staged', reportOf('staged,staged')],
  ['both arms are sharded', reportOf('sharded,sharded')],
  ['the machine does not tell CPU times', reportOf('staged,sharded', {})],
  ['only one arm’s CPU time is known', reportOf('staged,sharded', { staged: CPU.staged })],
  ['no capacity was measured', { ...reportOf('staged,sharded'), capacity: null }],
])('there is no estimate when %s', (_, report) => {
  expect(estimateBreakEven(report, CORES, null)).toBeNull()
})
