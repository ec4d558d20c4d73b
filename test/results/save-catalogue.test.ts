import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { catalogueSchema } from '../../harness/results/catalogue.ts'
import { CatalogueFolder } from '../../harness/results/save-catalogue.ts'
import { sampleCatalogue } from '../render/sample-catalogue.ts'

const STARTED_AT = new Date('2026-11-22T19:53:58.123Z')
let parent = ''

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'crossover-'))
})
afterEach(() => rmSync(parent, { recursive: true }))

test('the folder is a new one, named after the start', () => {
  const names = [0, 1].map(() => new CatalogueFolder(parent, STARTED_AT).path)
  expect(names).toEqual([
    join(parent, '2026-11-22T19-53-58Z-catalogue'),
    join(parent, '2026-11-22T19-53-58Z-catalogue-2'),
  ])
})

test('catalogue and index are replaced as a whole, reports lie beside them', () => {
  const folder = new CatalogueFolder(parent, STARTED_AT)
  folder.save(sampleCatalogue(), 'first')
  folder.save({ ...sampleCatalogue(), complete: true }, 'second')
  expect(folder.reportFolder('kv-update').path).toBe(join(folder.path, 'kv-update'))
  expect(readdirSync(folder.path).toSorted()).toEqual(['catalogue.json', 'index.html', 'kv-update'])
  expect(readFileSync(folder.indexPath, 'utf8')).toBe('second')
  const text = readFileSync(join(folder.path, 'catalogue.json'), 'utf8')
  expect(catalogueSchema.parse(JSON.parse(text)).complete).toBe(true)
})

test('a folder below a file is refused', () => {
  const file = join(parent, 'file')
  writeFileSync(file, '')
  expect(() => new CatalogueFolder(file, STARTED_AT)).toThrow(/^cannot make the report folder: /)
})

test('what cannot be saved is told as the catalogue', () => {
  const folder = new CatalogueFolder(parent, STARTED_AT)
  rmSync(folder.path, { recursive: true })
  expect(() => folder.save(sampleCatalogue(), '')).toThrow(/^cannot save the catalogue: /)
})
