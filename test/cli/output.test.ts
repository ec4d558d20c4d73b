import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scaledReport } from '../results/scaled-report.ts'

const MAIN = fileURLToPath(new URL('../../harness/cli/main.ts', import.meta.url))
const SCENARIO = fileURLToPath(new URL('../../scenarios/kv-update.ts', import.meta.url))

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-output-'))
  for (const [name, scales] of [
    ['old', {}],
    ['new', { sharded: 1.5, seed: 2 }],
  ] as const) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'report.json'), JSON.stringify(scaledReport(scales)))
  }
  writeFileSync(
    join(folder, 'kv-update.ts'),
    `console.log('chatter of a scenario')\nprocess.stdout.write('and more\\n')\nexport { default } from '${SCENARIO}'\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a command with streams that write to these files. */
function crossover(args: readonly string[], stdout = 'pipe', stderr = 'pipe') {
  const streams = [stdout, stderr].map((path) => (path === 'pipe' ? path : openSync(path, 'w')))
  const ending = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', streams[0]!, streams[1]!],
  })
  for (const stream of streams) if (typeof stream === 'number') closeSync(stream)
  return ending
}

const FULL = '/dev/full'

test.skipIf(!existsSync(FULL)).each([
  ['list', ['list']],
  ['list --json', ['list', 'kv-update', '--json']],
  ['help', ['run', '--help']],
  ['a comparison that finds nothing', ['compare', 'old', 'new']],
  ['a limit that is exceeded', ['compare', 'old', 'new', '--fail-if', 'p99 > 10%']],
  ['a report', ['report', 'old', '--format', 'markdown', '--out', 'there']],
])('%s onto a full disk: lines, no stack, and never the code of a regression', (_name, args) => {
  const { status, stderr } = crossover(args, FULL)
  expect(status).toBe(3)
  expect(stderr).toMatch(/^error: the output could not be written: ENOSPC.*\ncure: .*\n/m)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test.skipIf(!existsSync(FULL))('of stderr nothing but words are lost', () => {
  expect(crossover(['list'], 'pipe', FULL).status).toBe(0)
  expect(crossover(['list', 'nonsense'], 'pipe', FULL).status).toBe(2)
  expect(crossover(['list', 'nonsense'], FULL, FULL).status).toBe(2)
})

test('what a scenario prints does not break the JSON', () => {
  const { status, stdout, stderr } = crossover(['list', './kv-update.ts', '--json'])
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toBeTypeOf('object')
  expect(stderr).toContain('chatter of a scenario\nand more\n')
})
