import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { monotonicOriginNs } from '../../../harness/base/clock.ts'
import {
  FrozenProcess,
  omissionRow,
  omissionSeconds,
  omissionSummary,
} from '../../../harness/experiment/validate/omission.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-frozen-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A process that runs this code. */
function processOf(code: string, signal = new AbortController().signal): FrozenProcess {
  const path = join(folder, 'child.mjs')
  writeFileSync(path, code)
  return new FrozenProcess(pathToFileURL(path), signal)
}

const percentile = {
  name: 'p99',
  fraction: 0.99,
  measuredNs: 101,
  atLeast: false,
  expectedNs: 100,
} as const

test('a quick validation freezes a shorter steady state, which still has room before and after', () => {
  expect(omissionSeconds(true)).toBeLessThan(omissionSeconds(false))
  expect(omissionSeconds(true) / 2).toBeGreaterThan(4 * 0.2)
})

test('a percentile of requests that were never answered has failed, however near', () => {
  expect(omissionRow('staged, 8 servers', percentile, 0.05)).toMatchObject({
    passed: true,
    note: '',
  })
  expect(omissionRow('staged, 8 servers', { ...percentile, atLeast: true }, 0.05)).toMatchObject({
    passed: false,
    note: 'unanswered requests',
  })
})

test('an architecture without a row has shown nothing', () => {
  const staged = omissionRow('staged, 8 servers', percentile, 0.05)
  const sharded = omissionRow('sharded, 8 servers', percentile, 0.05)
  expect(omissionSummary([staged, sharded]).passed).toBe(true)
  expect(omissionSummary([]).passed).toBe(false)
  expect(omissionSummary([staged])).toMatchObject({
    passed: false,
    sentence: expect.stringContaining('none of sharded'),
  })
  expect(omissionSummary([staged, { ...sharded, passed: false }]).passed).toBe(false)
})

test('what a process said before it ended is not lost, whoever was listening', async () => {
  const frozen = processOf(`
    process.send({ kind: 'steady', startNs: 0n })
    process.send({ kind: 'failed', code: 'a', message: 'b' })
    process.disconnect()`)
  // A freeze in the past: the messages come while nobody asks for them.
  await frozen.freeze(monotonicOriginNs())
  expect(await frozen.next()).toEqual({ kind: 'steady', startNs: 0n })
  expect(await frozen.next()).toMatchObject({ kind: 'failed', code: 'a' })
  await expect(frozen.next()).rejects.toMatchObject({ code: 'frozen-ended' })
  await frozen.end()
})

test('a process that ends before its freeze ends the wait for it', async () => {
  const frozen = processOf('process.exit(3)')
  await frozen.freeze(monotonicOriginNs() + 3_600_000_000_000n)
  await expect(frozen.next()).rejects.toMatchObject({ code: 'frozen-ended' })
  await frozen.end()
})

test('an interruption ends the wait, and the process with it', async () => {
  const interruption = new AbortController()
  const frozen = processOf('setInterval(() => {}, 1_000)', interruption.signal)
  const waiting = frozen.next()
  interruption.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'interrupted' })
  await expect(frozen.freeze(monotonicOriginNs())).rejects.toMatchObject({ code: 'interrupted' })
  await frozen.end()
})
