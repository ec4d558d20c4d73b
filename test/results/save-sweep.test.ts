import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sweepSchema } from '../../harness/results/sweep.ts'
import { SweepFolder } from '../../harness/results/save-sweep.ts'
import { sampleSweep, troubledSweep } from '../render/sample-sweep.ts'

const startedAt = new Date('2026-11-20T08:00:00.123Z')
let parentFolder: string

beforeEach(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'crossover-sweep-'))
})
afterEach(() => {
  rmSync(parentFolder, { recursive: true, force: true })
})

const create = (): SweepFolder =>
  SweepFolder.create({ parentFolder, startedAt, scenario: 'kv-update' })

test('the folder is named after the start and the scenario, and never used twice', () => {
  expect([create(), create()].map(({ path }) => path.slice(parentFolder.length))).toEqual([
    '/2026-11-20T08-00-00Z-sweep-kv-update',
    '/2026-11-20T08-00-00Z-sweep-kv-update-2',
  ])
})

test('the last state that was saved is the one that is there', () => {
  const folder = create()
  folder.save(troubledSweep())
  folder.save(sampleSweep())
  folder.savePage('<p>page</p>')
  const content: unknown = JSON.parse(readFileSync(join(folder.path, 'sweep.json'), 'utf8'))
  expect(sweepSchema.parse(content)).toEqual(sampleSweep())
  expect(readFileSync(folder.pagePath, 'utf8')).toBe('<p>page</p>')
  expect(readdirSync(folder.path).toSorted()).toEqual(['sweep.html', 'sweep.json'])
})

test('a folder in which nothing was saved is left behind by nobody', () => {
  const [empty, used] = [create(), create()]
  used.save(sampleSweep())
  empty.discardIfEmpty()
  used.discardIfEmpty()
  expect(readdirSync(parentFolder)).toEqual(['2026-11-20T08-00-00Z-sweep-kv-update-2'])
})

test('a lost folder is told', () => {
  const folder = create()
  rmSync(folder.path, { recursive: true })
  expect(() => folder.save(sampleSweep())).toThrow(/^cannot save the sweep: no such file/)
})
