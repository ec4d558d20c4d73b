import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { crossingSchema } from '../../harness/results/crossing.ts'
import { CrossingFolder } from '../../harness/results/save-crossing.ts'
import { sampleCrossing, troubledSearch } from '../render/sample-crossing.ts'

const startedAt = new Date('2026-11-20T08:00:00.123Z')
let parentFolder: string

beforeEach(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'crossover-crossing-'))
})
afterEach(() => {
  rmSync(parentFolder, { recursive: true, force: true })
})

const create = (): CrossingFolder =>
  CrossingFolder.create({ parentFolder, startedAt, scenario: 'hot-key' })

test('the folder is named after the start and the scenario, and never used twice', () => {
  expect([create(), create()].map(({ path }) => path.slice(parentFolder.length))).toEqual([
    '/2026-11-20T08-00-00Z-find-hot-key',
    '/2026-11-20T08-00-00Z-find-hot-key-2',
  ])
})

test('the last state that was saved is the one that is there', () => {
  const folder = create()
  folder.save(troubledSearch())
  folder.save(sampleCrossing())
  folder.savePage('<p>page</p>')
  const content: unknown = JSON.parse(readFileSync(join(folder.path, 'crossing.json'), 'utf8'))
  expect(crossingSchema.parse(content)).toEqual(sampleCrossing())
  expect(readFileSync(folder.pagePath, 'utf8')).toBe('<p>page</p>')
  expect(readdirSync(folder.path).toSorted()).toEqual(['crossing.html', 'crossing.json'])
})

test('a folder in which nothing was saved is left behind by nobody', () => {
  const [empty, used] = [create(), create()]
  used.save(sampleCrossing())
  empty.discardIfEmpty()
  used.discardIfEmpty()
  expect(readdirSync(parentFolder)).toEqual(['2026-11-20T08-00-00Z-find-hot-key-2'])
})

test('a lost folder is told', () => {
  const folder = create()
  rmSync(folder.path, { recursive: true })
  expect(() => folder.save(sampleCrossing())).toThrow(/^cannot save the crossing: no such file/)
})
