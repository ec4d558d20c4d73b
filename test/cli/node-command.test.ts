import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nodeCommand } from '../../harness/cli/new.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** A folder whose `node` says it has this version. */
function nodeOf(version: string, name: string): string {
  const bin = join(folder, name)
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'node'), `#!/bin/sh\necho v${version}\n`)
  chmodSync(join(bin, 'node'), 0o755)
  return bin
}

test('a recent node of the machine is named as it is', () => {
  vi.stubEnv('PATH', nodeOf('22.18.0', 'bin'))
  expect(nodeCommand(folder)).toBe('node')
})

test.each(['20.19.4', '22.17.1'])('in place of node %s the one of crossover is told', (version) => {
  vi.stubEnv('PATH', nodeOf(version, 'bin'))
  expect(resolve(folder, nodeCommand(folder))).toBe(process.execPath)
  expect(nodeCommand(dirname(process.execPath))).toBe('./node')
})

test('without any node on the path the one of crossover is told', () => {
  vi.stubEnv('PATH', folder)
  expect(resolve(folder, nodeCommand(folder))).toBe(process.execPath)
})

test('a node that only npx puts on the path is none of the machine', () => {
  const path = [nodeOf('26.1.0', 'node_modules/.bin'), nodeOf('20.1.0', 'bin')].join(delimiter)
  vi.stubEnv('PATH', path)
  expect(nodeCommand(folder)).not.toBe('node')
})
