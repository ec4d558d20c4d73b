import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadMachine, MACHINE_FILE, saveMachine } from '../../harness/results/machine.ts'
import type { Machine } from '../../harness/results/validate.ts'
import { sampleReport } from '../render/sample-report.ts'

const machine: Machine = {
  machineVersion: 1,
  measuredAt: '2026-11-20T08:00:00.000Z',
  environment: sampleReport().environment,
  cpus: [0, 1],
  scenario: 'kv-update',
  runs: 20,
  pairs: 6,
  durationSeconds: 1,
  bands: [{ load: '50%', metric: 'p99', ratio: 1.12 }],
}
const whole = JSON.stringify(machine)
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-machine-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('what is saved is what is loaded, and the folder is made', () => {
  const reports = join(folder, 'new', 'reports')
  saveMachine(reports, machine)
  expect(loadMachine(reports)).toEqual(machine)
  saveMachine(reports, { ...machine, runs: 40 })
  expect(loadMachine(reports)?.runs).toBe(40)
  expect(readdirSync(reports)).toEqual([MACHINE_FILE])
})

test('without a file or a folder there is no band, and no error', () => {
  expect(loadMachine(folder)).toBeNull()
  expect(loadMachine(join(folder, 'nowhere'))).toBeNull()
  writeFileSync(join(folder, 'file'), '')
  expect(loadMachine(join(folder, 'file'))).toBeNull()
})

test.each([
  ['an empty file', '', 'machine file is not valid JSON, perhaps cut off: 0 characters: path='],
  ['a truncated file', whole.slice(0, 200), 'not valid JSON, perhaps cut off: 200 characters'],
  ['another JSON file', '{"name":"x"}', 'does not have the expected shape: '],
  ['JSON that is no object', '[]', 'at top: path='],
  [
    'another version',
    whole.replace('"machineVersion":1', '"machineVersion":2'),
    'at machineVersion: path=',
  ],
  ['a damaged band', whole.replace('1.12', '"1.12"'), 'at bands.0.ratio: path='],
])('%s is refused with a cure', (_what, content, message) => {
  writeFileSync(join(folder, MACHINE_FILE), content)
  expect(() => loadMachine(folder)).toThrow(message)
  expect(() => loadMachine(folder)).toThrow(
    expect.objectContaining({
      kind: 'usage',
      code: 'machine-invalid',
      cure: 'delete it; crossover validate makes a new one',
    }),
  )
})

test('a file that cannot be read says why', () => {
  mkdirSync(join(folder, MACHINE_FILE))
  expect(() => loadMachine(folder)).toThrow(/^cannot read the machine file: it is a folder: path=/)
})

test.skipIf(process.platform !== 'linux')('a full disk keeps the previous bands', () => {
  saveMachine(folder, machine)
  symlinkSync('/dev/full', join(folder, `${MACHINE_FILE}.partial`))
  expect(() => saveMachine(folder, { ...machine, runs: 40 })).toThrow(
    /^cannot save the machine file: no space left on the disk: path=/,
  )
  expect(loadMachine(folder)).toEqual(machine)
})
