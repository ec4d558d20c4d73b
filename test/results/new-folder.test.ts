import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeNewFolder } from '../../harness/results/files.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const START = new Date('2026-11-20T08:00:00.123Z')
let parent: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'crossover-new-'))
})
afterEach(() => {
  rmSync(parent, { recursive: true, force: true })
})

test('one that is there is never used again, and the parents are made', () => {
  const below = join(parent, 'a', 'b')
  const made = [1, 2, 3].map(() => makeNewFolder(below, START, 'kv-update'))
  expect(made).toEqual(
    ['', '-2', '-3'].map((number) => join(below, `2026-11-20T08-00-00Z-kv-update${number}`)),
  )
})

test('it does not try for ever to find a name that is free', () => {
  const name = (number: number) => `2026-11-20T08-00-00Z-x${number === 1 ? '' : `-${number}`}`
  for (let number = 1; number <= 1_000; number++) mkdirSync(join(parent, name(number)))
  expect(caughtFailure(() => makeNewFolder(parent, START, 'x'))).toMatchObject({
    kind: 'usage',
    code: 'report-folder',
    message: `cannot make the report folder: a file of that name is in the way: path=${join(parent, name(1))}`,
  })
})

test.runIf(process.platform === 'linux')(
  'where folders cannot be made the user is told at once, in one line',
  () => {
    for (const place of ['/proc/x', '/proc/x/y']) {
      expect(caughtFailure(() => makeNewFolder(place, START, 'kv-update'))).toMatchObject({
        kind: 'usage',
        code: 'report-folder',
        message: `cannot make the report folder: no such file or folder: path=${place}/2026-11-20T08-00-00Z-kv-update`,
        cure: 'choose a folder you may write to: --out <folder>',
      })
    }
  },
)
