import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { calibrationSchema } from '../../harness/results/calibration.ts'
import { CalibrationFolder } from '../../harness/results/save-calibration.ts'
import { sampleCalibration, troubledCalibration } from '../render/sample-calibration.ts'

const startedAt = new Date('2026-11-20T08:00:00.123Z')
let parentFolder: string

beforeEach(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'crossover-calibration-'))
})
afterEach(() => {
  rmSync(parentFolder, { recursive: true, force: true })
})

test('the folder is named after the start, and never used twice', () => {
  const place = { parentFolder: join(parentFolder, 'new'), startedAt }
  const paths = [CalibrationFolder.create(place), CalibrationFolder.create(place)].map((folder) =>
    folder.path.slice(parentFolder.length),
  )
  expect(paths).toEqual([
    '/new/2026-11-20T08-00-00Z-calibrate',
    '/new/2026-11-20T08-00-00Z-calibrate-2',
  ])
})

test.each([
  ['whole', sampleCalibration()],
  ['stopped', troubledCalibration()],
])(
  'the last state of a %s calibration is there, of the schema’s shape, and nothing else',
  (_, last) => {
    const folder = CalibrationFolder.create({ parentFolder, startedAt })
    folder.save({ ...sampleCalibration(), complete: false, rows: [] })
    folder.save(last)
    const content: unknown = JSON.parse(readFileSync(folder.calibrationPath, 'utf8'))
    expect(calibrationSchema.parse(content)).toEqual(last)
    expect(readdirSync(folder.path)).toEqual(['calibration.json'])
  },
)

test('a folder that cannot be made is the user’s to mend, a lost one is told', () => {
  const file = join(parentFolder, 'file')
  writeFileSync(file, '')
  expect(() => CalibrationFolder.create({ parentFolder: file, startedAt })).toThrow(
    expect.objectContaining({ kind: 'usage', code: 'report-folder' }),
  )
  const folder = CalibrationFolder.create({ parentFolder, startedAt })
  rmSync(folder.path, { recursive: true })
  expect(() => folder.save(sampleCalibration())).toThrow(
    /^cannot save the calibration: no such file or folder: path=/,
  )
})
