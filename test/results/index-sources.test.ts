import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findMeasurements } from '../../harness/results/history.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'crossover-index-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
}

const found = (): readonly string[] =>
  findMeasurements(folder).sources.map(
    ({ kind, file, page }) =>
      `${kind} ${file.slice(folder.length + 1)}${page === null ? '' : ` ${page.slice(folder.length + 1)}`}`,
  )

test('every kind is known by its file, with the page beside it', () => {
  put(
    'a/report.json',
    'a/report.html',
    'b/report.json',
    'c/catalogue.json',
    'c/index.html',
    'c/kv/report.json',
    'd/sweep.json',
    'd/sweep.html',
    'e/crossing.json',
    'e/crossing.html',
    'f/ablation.json',
    'f/ablation.html',
    'g/calibration.json',
    'h/validation.json',
    'machine.json',
  )
  expect(found()).toEqual([
    'run a/report.json a/report.html',
    'run b/report.json',
    'catalogue c/catalogue.json c/index.html',
    'run c/kv/report.json',
    'sweep d/sweep.json d/sweep.html',
    'search e/crossing.json e/crossing.html',
    'ablation f/ablation.json f/ablation.html',
    'calibration g/calibration.json',
    'validation h/validation.json',
  ])
})

test('four levels are looked into, hidden folders and links to folders are not', () => {
  put('report.json', '1/2/3/4/report.json', '1/2/3/4/5/report.json', '.hidden/report.json')
  symlinkSync(folder, join(folder, 'circle'))
  expect(found()).toEqual(['run report.json', 'run 1/2/3/4/report.json'])
})

test('a folder of the file’s name is no file, a link to a file is one', () => {
  put('elsewhere.json')
  mkdirSync(join(folder, 'a/report.json'), { recursive: true })
  mkdirSync(join(folder, 'b'))
  symlinkSync(join(folder, 'elsewhere.json'), join(folder, 'b/report.json'))
  expect(found()).toEqual(['run b/report.json'])
})

// Root may look everywhere.
test.skipIf(process.getuid?.() === 0)('a closed folder is told, and the others are there', () => {
  put('a/report.json', 'b/report.json')
  chmodSync(join(folder, 'a'), 0o000)
  expect(found()).toEqual(['run b/report.json'])
  expect(findMeasurements(folder).closed[0]?.failure.message).toBe(
    `cannot look for runs: permission denied: path=${join(folder, 'a')}`,
  )
  chmodSync(join(folder, 'a'), 0o700)
})

test.each([
  ['a folder that is not there', 'nowhere', /^cannot look for runs: no such file or folder: path=/],
  ['a file', 'file', /^cannot look for runs: it is a file, not a folder: path=/],
  ['a folder without any run', 'empty', /^folder holds no run: path=/],
])('%s is the user’s to mend', (_, path, message) => {
  put('file', 'empty/notes.txt')
  expect(() => findMeasurements(join(folder, path))).toThrow(
    expect.objectContaining({
      kind: 'usage',
      message: expect.stringMatching(message),
      cure: expect.stringContaining('name the folder that runs were written to'),
    }),
  )
})
