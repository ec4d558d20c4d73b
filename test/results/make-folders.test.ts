import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolders } from '../../harness/results/files.ts'

const SOURCE = new URL('../../harness/results/files.ts', import.meta.url).href

/** Makes folders that another thread makes, too, and sends the codes of what failed. */
const MAKER = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { join } = require('node:path')
  import(${JSON.stringify(SOURCE)}).then(({ makeFolders }) => {
    const failures = []
    for (let i = 0; i < 500; i++) {
      try { makeFolders(join(workerData, String(i), 'a', 'b')) } catch (error) { failures.push(error.code) }
    }
    parentPort.postMessage(failures)
  })`

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-folders-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('makes what is missing, however deep, and leaves what is there alone', () => {
  const deep = join(folder, 'a', 'b', 'c')
  makeFolders(deep)
  writeFileSync(join(deep, 'kept'), '')
  makeFolders(deep)
  makeFolders(`${deep}/`)
  expect(existsSync(join(deep, 'kept'))).toBe(true)
  expect(statSync(deep).isDirectory()).toBe(true)
})

test('a relative path is one below the present folder', () => {
  makeFolders('.')
  expect(() => makeFolders('')).toThrow(/ENOENT/)
})

test('a file in the way is the error of the system', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeFolders(join(folder, 'file'))).toThrow(/EEXIST/)
  expect(() => makeFolders(join(folder, 'file', 'below'))).toThrow(/ENOTDIR/)
})

test.runIf(process.platform === 'linux')(
  'where no folder can be made although the one above is there, it is refused at once',
  () => {
    expect(() => makeFolders('/proc/crossover')).toThrow(/ENOENT.*'\/proc\/crossover'/)
    expect(() => makeFolders('/proc/crossover/reports/today')).toThrow(
      /ENOENT.*'\/proc\/crossover'/,
    )
  },
)

test('a link to a folder is one', () => {
  mkdirSync(join(folder, 'real'))
  makeFolders(join(folder, 'real', '..', 'real', 'below'))
  expect(existsSync(join(folder, 'real', 'below'))).toBe(true)
})

test('a folder that another process makes at the same time is one that is there', async () => {
  const makers = Array.from(
    { length: 2 },
    () => new Worker(MAKER, { eval: true, workerData: folder }),
  )
  const failures = await Promise.all(makers.map(async (maker) => (await once(maker, 'message'))[0]))
  expect(failures).toEqual([[], []])
})
