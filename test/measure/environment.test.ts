import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import os from 'node:os'
import { syncBuiltinESMExports } from 'node:module'
import { expect, test, vi } from 'vitest'
import {
  parseSmt,
  parseVirtual,
  quotaText,
  readCommit,
  readEnvironment,
} from '../../harness/measure/environment.ts'
import { environmentSchema } from '../../harness/results/measurement.ts'

test('describes this machine, this runtime and this version', () => {
  const own = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const environment = readEnvironment(true)
  expect(environment).toMatchObject({
    crossover: own.version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    pinned: true,
    loadAverageAfter: null,
    stealShare: null,
    othersShare: null,
    throttledSeconds: null,
  })
  expect(environment.cores).toBeGreaterThan(0)
  expect(environment.memoryBytes).toBeGreaterThan(0)
  expect(readEnvironment(false).pinned).toBe(false)
})

test('what it says survives JSON', () => {
  const environment = readEnvironment(false)
  expect(JSON.parse(JSON.stringify(environment))).toEqual(environment)
})

test('it has the shape that reports have, no more and no less', () => {
  const environment = readEnvironment(true)
  expect(environmentSchema.strict().parse(environment)).toEqual(environment)
})

test('flags come from the command line and then from NODE_OPTIONS', () => {
  vi.stubEnv('NODE_OPTIONS', ' --jitless  --max-old-space-size=100 ')
  const { nodeFlags } = readEnvironment(true)
  vi.unstubAllEnvs()
  expect(nodeFlags).toEqual([...process.execArgv, '--jitless', '--max-old-space-size=100'])
  expect(readEnvironment(true, ['--inspect']).nodeFlags).toEqual(['--inspect'])
})

test('multithreading is on, off or unknown', () => {
  expect(['1', '0', '', null].map(parseSmt)).toEqual([true, false, null, null])
})

test('a hypervisor shows among the flags of the processor, where there are flags', () => {
  expect(parseVirtual('model name\t: X\nflags\t\t: fpu hypervisor sse\n')).toBe(true)
  expect(parseVirtual('model name\t: hypervisor\nflags\t\t: fpu sse\n')).toBe(false)
  expect(parseVirtual('Features\t: fp asimd\n')).toBeNull()
  expect(parseVirtual(null)).toBeNull()
})

test('a limit of processors is written with two decimals, and none is max', () => {
  expect([1.5, 0.25, Infinity, null].map(quotaText)).toEqual([
    '1.50 processors',
    '0.25 processors',
    'max',
    null,
  ])
})

test('where the processors cannot be read there are some nevertheless', () => {
  const spy = vi.spyOn(os, 'cpus').mockReturnValue([])
  syncBuiltinESMExports()
  const environment = readEnvironment(false)
  spy.mockRestore()
  syncBuiltinESMExports()
  expect(environment.cpu).toBe('unknown')
  expect(environment.cores).toBeGreaterThan(0)
})

test('the commit of a checkout, clean or not; none where there is none, or no commit yet', () => {
  const folder = mkdtempSync(join(os.tmpdir(), 'crossover-commit-'))
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    }).trim()
  expect(readCommit(folder)).toBeNull()
  git('init', '--quiet')
  expect(readCommit(folder)).toBeNull()
  writeFileSync(join(folder, 'a'), '1')
  git('add', 'a')
  git('commit', '--quiet', '-m', 'one')
  const hash = git('rev-parse', 'HEAD')
  writeFileSync(join(folder, 'of nobody'), '')
  expect(readCommit(folder)).toEqual({ hash, dirty: false })
  writeFileSync(join(folder, 'a'), '2')
  expect(readCommit(folder)).toEqual({ hash, dirty: true })
  // A package inside somebody's checkout is none of its own.
  mkdirSync(join(folder, 'inside'))
  expect(readCommit(join(folder, 'inside'))).toBeNull()
  rmSync(folder, { recursive: true })
})
