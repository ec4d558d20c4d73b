import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ValidationFolder } from '../../harness/results/save-validation.ts'
import { validationSchema } from '../../harness/results/validation.ts'
import { sampleValidation } from '../render/sample-validation.ts'

const startedAt = new Date('2026-11-20T08:00:00.123Z')
let parentFolder: string

beforeEach(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'crossover-validation-'))
})
afterEach(() => {
  rmSync(parentFolder, { recursive: true, force: true })
})

test('the folder is named after the start, and never used twice', () => {
  const place = { parentFolder: join(parentFolder, 'new'), startedAt }
  const paths = [ValidationFolder.create(place), ValidationFolder.create(place)].map((folder) =>
    folder.path.slice(parentFolder.length),
  )
  expect(paths).toEqual([
    '/new/2026-11-20T08-00-00Z-validate',
    '/new/2026-11-20T08-00-00Z-validate-2',
  ])
})

test('the last state that was saved is the one that is there, and nothing else', () => {
  const folder = ValidationFolder.create({ parentFolder, startedAt })
  folder.save({ ...sampleValidation(), complete: false, rows: [] })
  folder.save(sampleValidation())
  const content: unknown = JSON.parse(readFileSync(folder.validationPath, 'utf8'))
  expect(validationSchema.parse(content)).toEqual(sampleValidation())
  expect(readdirSync(folder.path)).toEqual(['validation.json'])
})

test('a folder that cannot be made is the user’s to mend, a lost one is told', () => {
  const file = join(parentFolder, 'file')
  writeFileSync(file, '')
  expect(() => ValidationFolder.create({ parentFolder: file, startedAt })).toThrow(
    expect.objectContaining({ kind: 'usage', code: 'report-folder' }),
  )
  const folder = ValidationFolder.create({ parentFolder, startedAt })
  rmSync(folder.path, { recursive: true })
  expect(() => folder.save(sampleValidation())).toThrow(
    /^cannot save the validation: no such file or folder: path=/,
  )
})
