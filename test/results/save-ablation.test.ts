import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ablationSchema } from '../../harness/results/ablation.ts'
import { AblationFolder } from '../../harness/results/save-ablation.ts'
import { sampleAblation, troubledAblation } from '../render/sample-ablation.ts'

const startedAt = new Date('2026-11-20T08:00:00.123Z')
let parentFolder: string

beforeEach(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'crossover-ablation-'))
})
afterEach(() => {
  rmSync(parentFolder, { recursive: true, force: true })
})

const create = (): AblationFolder =>
  AblationFolder.create({ parentFolder, startedAt, scenario: 'kv-update' })

test('the folder is named after the start and the scenario, and never used twice', () => {
  expect([create(), create()].map(({ path }) => path.slice(parentFolder.length))).toEqual([
    '/2026-11-20T08-00-00Z-ablate-kv-update',
    '/2026-11-20T08-00-00Z-ablate-kv-update-2',
  ])
})

test('the last state that was saved is the one that is there', () => {
  const folder = create()
  folder.save(troubledAblation())
  folder.save(sampleAblation())
  folder.savePage('<p>page</p>')
  const content: unknown = JSON.parse(readFileSync(join(folder.path, 'ablation.json'), 'utf8'))
  expect(ablationSchema.parse(content)).toEqual(sampleAblation())
  expect(readFileSync(folder.pagePath, 'utf8')).toBe('<p>page</p>')
  expect(readdirSync(folder.path).toSorted()).toEqual(['ablation.html', 'ablation.json'])
})

test('a folder in which nothing was saved is left behind by nobody', () => {
  const [empty, used] = [create(), create()]
  used.save(sampleAblation())
  empty.discardIfEmpty()
  used.discardIfEmpty()
  expect(readdirSync(parentFolder)).toEqual(['2026-11-20T08-00-00Z-ablate-kv-update-2'])
})

test('a lost folder is told', () => {
  const folder = create()
  rmSync(folder.path, { recursive: true })
  expect(() => folder.save(sampleAblation())).toThrow(/^cannot save the ablation: no such file/)
})
