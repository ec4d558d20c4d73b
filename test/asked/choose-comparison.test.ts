import { expect, test } from 'vitest'
import { chooseComparison } from '../../harness/cli/run-request.ts'
import type { RunFlags } from '../../harness/cli/run-flags.ts'
import type { ComparisonDefaults } from '../../harness/contract/scenario.ts'
import { findProfile } from '../../harness/asked/profiles.ts'

const FLAGS: RunFlags = {
  profile: 'default',
  level: '0.95',
  transport: 'replay',
  out: 'reports',
  reference: true,
}
const OF_SCENARIO: ComparisonDefaults = {
  arms: 'staged:idle=park,sharded',
  loads: '1%,90%',
  metric: 'p50',
  cores: 1,
  virtualCores: 4,
}

/** In words, as a user would say it. */
function chosen(flags: Partial<RunFlags>, defaults: ComparisonDefaults = {}) {
  const all = { ...FLAGS, ...flags }
  const comparison = chooseComparison(all, findProfile(all.profile), defaults, 'scenario mine')
  return {
    ...comparison,
    arms: comparison.arms.map((arm) => arm.label).join(),
    loads: comparison.loads?.map((load) => load.label).join() ?? null,
  }
}

test('without flags and defaults it is ours and the profile’s', () => {
  expect(chosen({})).toEqual({
    arms: 'staged,staged:layout=fused,sharded',
    comparisons: [
      { first: 'staged', second: 'sharded' },
      { first: 'staged:layout=fused', second: 'sharded' },
    ],
    loads: '20%,50%,80%',
    metric: 'p99',
    within: null,
    cores: null,
    virtualCores: null,
    fromScenario: [],
  })
})

test('the scenario’s defaults go before ours, and are told', () => {
  expect(chosen({}, OF_SCENARIO)).toEqual({
    arms: 'staged:idle=park,sharded',
    comparisons: [{ first: 'staged:idle=park', second: 'sharded' }],
    loads: '1%,90%',
    metric: 'p50',
    within: null,
    cores: 1,
    virtualCores: 4,
    fromScenario: [
      'arms staged:idle=park,sharded',
      'loads 1%,90%',
      'metric p50',
      '1 processor',
      '4 virtual cores',
    ],
  })
})

test('flags go before the scenario’s defaults', () => {
  const flags = { arms: 'sharded,staged', loads: 'max', metric: 'cpu', cpus: '0', virtualCores: 2 }
  expect(chosen(flags, OF_SCENARIO)).toEqual({
    arms: 'sharded,staged',
    comparisons: [{ first: 'sharded', second: 'staged' }],
    loads: 'max',
    metric: 'cpuPerRequest',
    within: null,
    cores: null,
    virtualCores: 2,
    fromScenario: [],
  })
})

test('how soon an answer is useful is the scenario’s unless a flag says it', () => {
  const defaults = { within: '10x' }
  const ofScenario = { within: { kind: 'times', factor: 10 }, fromScenario: ['within 10x'] }
  expect(chosen({}, defaults)).toMatchObject(ofScenario)
  expect(chosen({ within: '5ms' }, defaults)).toMatchObject({
    within: { kind: 'time', ns: 5_000_000 },
    fromScenario: [],
  })
  expect(() => chosen({}, { within: 'soon' })).toThrow(
    'scenario mine: defaults.within: --within soon: not a time',
  )
})

test('all processors are no choice of the scenario’s', () => {
  expect(chosen({}, { cores: 0 })).toMatchObject({ cores: null, fromScenario: [] })
})

test('a profile about right answers has its own load before the scenario’s, but not before the user’s', () => {
  expect(chosen({ profile: 'smoke' }, OF_SCENARIO).loads).toBeNull()
  expect(chosen({ profile: 'smoke', loads: '50%' }, OF_SCENARIO).loads).toBe('50%')
})

test('a mistake in the defaults is told as the scenario’s', () => {
  expect(() => chosen({}, { loads: 'much' })).toThrow(
    'scenario mine: defaults.loads: --loads: not a load: much',
  )
  expect(() => chosen({ loads: 'much' }, {})).toThrow(/^--loads: not a load: much$/)
})
