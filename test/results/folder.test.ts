import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MeasurementFolder } from '../../harness/results/folder.ts'
import { KIND_NAMES, KINDS } from '../../harness/results/kinds.ts'

const startedAt = new Date('2026-11-20T08:00:00.123Z')
let parentFolder: string

beforeEach(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'crossover-folder-'))
})
afterEach(() => {
  rmSync(parentFolder, { recursive: true, force: true })
})

test.each([
  ['run', '2026-11-20T08-00-00Z-hot-key'],
  ['sweep', '2026-11-20T08-00-00Z-sweep-hot-key'],
  ['search', '2026-11-20T08-00-00Z-find-hot-key'],
  ['ablation', '2026-11-20T08-00-00Z-ablate-hot-key'],
] as const)(
  'the folder of a %s is named after the start, the command and the scenario',
  (kind, name) => {
    const place = { parentFolder: join(parentFolder, 'new'), startedAt, scenario: 'hot-key' }
    const paths = [1, 2].map(() => basename(MeasurementFolder.create(kind, place).path))
    expect(paths).toEqual([name, `${name}-2`])
  },
)

test.each([
  ['catalogue', '2026-11-20T08-00-00Z-catalogue'],
  ['calibration', '2026-11-20T08-00-00Z-calibrate'],
  ['validation', '2026-11-20T08-00-00Z-validate'],
] as const)(
  'that of a %s, which has no scenario, after the start and the command',
  (kind, name) => {
    const { path } = MeasurementFolder.create(kind, { parentFolder, startedAt })
    expect(basename(path)).toBe(name)
  },
)

describe.each(KIND_NAMES)('%s', (kind) => {
  const { file, page, thing } = KINDS[kind]
  const create = () => MeasurementFolder.create(kind, { parentFolder, startedAt })

  test('the last state that was saved is the one that is there, and nothing else', () => {
    const folder = create()
    folder.save({ rows: [1] })
    folder.save({ rows: [] }, [{ name: 'beside.txt', content: 'more' }])
    expect(JSON.parse(readFileSync(folder.filePath, 'utf8'))).toEqual({ rows: [] })
    expect(readdirSync(folder.path).toSorted()).toEqual(['beside.txt', file].toSorted())
  })

  test.runIf(page === null)('has no page, its figures are what is shown', () => {
    const folder = create()
    expect(folder.shownPath).toBe(folder.filePath)
    expect(() => folder.savePage('')).toThrow(`kind has no page: kind=${kind}`)
  })

  test.runIf(page !== null)('its page lies beside its figures', () => {
    const folder = create()
    folder.savePage('<p>page</p>')
    expect(readFileSync(folder.shownPath, 'utf8')).toBe('<p>page</p>')
    expect(readdirSync(folder.path)).toEqual([page])
  })

  test('a folder in which nothing was saved is left behind by nobody', () => {
    const [empty, used] = [create(), create()]
    used.save({})
    empty.discardIfEmpty()
    used.discardIfEmpty()
    expect(readdirSync(parentFolder)).toEqual([basename(used.path)])
  })

  test('a folder that cannot be made is the user’s to mend, a lost one is told', () => {
    const inTheWay = join(parentFolder, 'file')
    writeFileSync(inTheWay, '')
    expect(() => MeasurementFolder.create(kind, { parentFolder: inTheWay, startedAt })).toThrow(
      expect.objectContaining({ kind: 'usage', code: 'report-folder' }),
    )
    const folder = create()
    rmSync(folder.path, { recursive: true })
    expect(() => folder.save({})).toThrow(
      new RegExp(`^cannot save the ${thing}: no such file or folder: path=`),
    )
  })
})
