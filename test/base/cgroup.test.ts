import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { cgroupProcessors, readThrottledSeconds } from '../../harness/base/cgroup.ts'

const roots: string[] = []

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

/** A folder with these files in the place of `/`. */
function rootWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'crossover-cgroup-'))
  roots.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${text}\n`)
  }
  return root
}

const GROUP = 'sys/fs/cgroup/user.slice/app.service'

test('version 2: the tightest limit of the group and those above it counts', () => {
  const root = rootWith({
    'proc/self/cgroup': '0::/user.slice/app.service',
    [`${GROUP}/cpu.max`]: '400000 100000',
    'sys/fs/cgroup/user.slice/cpu.max': '75000 50000',
  })
  expect(cgroupProcessors(root)).toBe(1.5)
})

test('version 2: groups without a limit say max, and that is no number of processors', () => {
  const root = rootWith({
    'proc/self/cgroup': '0::/user.slice/app.service',
    [`${GROUP}/cpu.max`]: 'max 100000',
  })
  expect(cgroupProcessors(root)).toBe(Infinity)
})

test.each([
  ['75000', 0.75],
  ['1000 100000', 0.01],
  ['', null],
  ['0 100000', null],
])('version 2: cpu.max of %j', (text, processors) => {
  const root = rootWith({ 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/cpu.max': text })
  expect(cgroupProcessors(root)).toBe(processors)
})

test('in a container the limit is that of the root of the mount', () => {
  const root = rootWith({
    'proc/self/cgroup': '0::/../system.slice/docker-1234.scope',
    'sys/fs/cgroup/cpu.max': '200000 100000',
  })
  expect(cgroupProcessors(root)).toBe(2)
})

test('version 1: the quota is divided by the period, -1 is no limit', () => {
  const root = rootWith({
    'proc/self/cgroup': '5:memory:/elsewhere\n4:cpu,cpuacct:/job\n0::/',
    'sys/fs/cgroup/cpu/job/cpu.cfs_quota_us': '25000',
    'sys/fs/cgroup/cpu/job/cpu.cfs_period_us': '50000',
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
  })
  expect(cgroupProcessors(root)).toBe(0.5)
  writeFileSync(join(root, 'sys/fs/cgroup/cpu/job/cpu.cfs_quota_us'), '-1\n')
  expect(cgroupProcessors(root)).toBe(Infinity)
})

test('throttled time is summed over levels, microseconds in version 2', () => {
  const root = rootWith({
    'proc/self/cgroup': '0::/user.slice/app.service',
    [`${GROUP}/cpu.stat`]: 'usage_usec 9\nnr_throttled 3\nthrottled_usec 1500000',
    'sys/fs/cgroup/user.slice/cpu.stat': 'usage_usec 9\nthrottled_usec 250000',
    'sys/fs/cgroup/cpu.stat': 'usage_usec 9',
  })
  expect(readThrottledSeconds(root)).toBe(1.75)
})

test('throttled time is in nanoseconds in version 1', () => {
  const root = rootWith({
    'proc/self/cgroup': '4:cpu,cpuacct:/',
    'sys/fs/cgroup/cpu/cpu.stat': 'nr_throttled 2\nthrottled_time 500000000',
  })
  expect(readThrottledSeconds(root)).toBe(0.5)
})

test('without control groups everything is null', () => {
  const root = rootWith({})
  expect(cgroupProcessors(root)).toBeNull()
  expect(readThrottledSeconds(root)).toBeNull()
})

test('on this machine throttled time is not below zero', () => {
  expect(readThrottledSeconds() ?? 0).toBeGreaterThanOrEqual(0)
})
