import { expect, test } from 'vitest'
import { warningsAfter, warningsBefore } from '../../harness/trial/watch-machine.ts'
import { readEnvironment } from '../../harness/measure/environment.ts'
import type { Report } from '../../harness/results/schema.ts'

type Environment = Report['environment']

/** A machine of four cores about which nothing is to be said. */
const QUIET: Environment = {
  ...readEnvironment(true, []),
  cores: 4,
  mitigations: { meltdown: 'Vulnerable' },
  cgroupQuota: 'max',
  governor: 'performance',
  loadAverageBefore: [2, 4, 4],
  smt: false,
  virtual: true,
  stealShare: 0.02,
  othersShare: 0.05,
  throttledSeconds: 0,
}
/** Where nothing can be read. */
const UNKNOWN: Environment = {
  ...QUIET,
  mitigations: null,
  cgroupQuota: null,
  governor: null,
  smt: null,
  virtual: null,
  stealShare: null,
  othersShare: null,
  throttledSeconds: null,
}
const CPUS = [0, 1]

test.each([
  ['quiet', QUIET],
  ['unknown', UNKNOWN],
])('a machine that is %s gives no warning', (_, environment) => {
  expect(warningsBefore(environment, CPUS)).toEqual([])
  expect(warningsAfter(environment)).toEqual([])
})

const before: [string, Partial<Environment>, string][] = [
  ['governor', { governor: 'powersave' }, 'powersave'],
  ['smt', { smt: true }, 'multithreading'],
  [
    'cgroup-quota',
    { cgroupQuota: '1.50 processors' },
    'allows 1.50 processors, and the run uses 2',
  ],
  ['load-before', { loadAverageBefore: [2.5, 0, 0] }, '2.50 on 4 cores'],
  ['node-flags', { nodeFlags: ['--jitless', '--max-old-space-size=1'] }, 'with --jitless:'],
]

test.each(before)('%s: known before the run, with figures and a cure', (code, doubt, figures) => {
  const environment = { ...QUIET, ...doubt }
  const warnings = warningsBefore(environment, CPUS)
  expect(warnings.map((warning) => warning.code)).toEqual([code])
  expect(warnings[0]?.message).toContain(figures)
  expect(warnings[0]?.cure).not.toBe('')
  expect(warningsAfter(environment)).toEqual([])
})

const after: [string, Partial<Environment>, string][] = [
  ['busy-machine', { othersShare: 0.0731 }, 'took 7.3 %'],
  ['steal', { stealShare: 0.021 }, 'gave 2.1 %'],
  ['throttled', { throttledSeconds: 0.0154, cgroupQuota: '2.00 processors' }, '15.4 ms'],
]

test.each(after)('%s: known after the run, with figures and a cure', (code, doubt, figures) => {
  const environment = { ...QUIET, ...doubt }
  const warnings = warningsAfter(environment)
  expect(warnings.map((warning) => warning.code)).toEqual([code])
  expect(warnings[0]?.message).toContain(figures)
  expect(warnings[0]?.cure).not.toBe('')
  expect(warningsBefore(environment, CPUS)).toEqual([])
})

test('every doubt is named, in the same order', () => {
  const environment = Object.assign({}, QUIET, ...[...before, ...after].map(([, doubt]) => doubt), {
    cgroupQuota: '1.50 processors',
  }) as Environment
  const codes = [...warningsBefore(environment, CPUS), ...warningsAfter(environment)]
  expect(codes.map((warning) => warning.code)).toEqual([...before, ...after].map(([code]) => code))
})

test('a quota for as many processors as the run uses is enough', () => {
  const environment = { ...QUIET, cgroupQuota: '2.00 processors' }
  expect(warningsBefore(environment, CPUS)).toEqual([])
})

test.each([
  '--inspect',
  '--inspect-brk=127.0.0.1:9229',
  '--max-lazy',
  '--no-opt',
  '--noopt',
  '--no_turbofan',
  '--cpu-prof',
  '--trace-gc',
])('%s slows node down', (flag) => {
  expect(warningsBefore({ ...QUIET, nodeFlags: [flag] }, CPUS)).toHaveLength(1)
})

test.each([
  '--max-semi-space-size=64',
  '--expose-gc',
  '--no-warnings',
  '--conditions=development',
  '--import=./a.ts',
])('%s does not', (flag) => {
  expect(warningsBefore({ ...QUIET, nodeFlags: [flag] }, CPUS)).toEqual([])
})
