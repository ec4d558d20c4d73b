import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))
const TIME_LIMIT_MS = 60_000

/** A folder far from the package, in which it was installed: a link, and the command. */
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(PACKAGE, join(folder, 'node_modules/crossover'))
  symlinkSync('../crossover/harness/cli/crossover.sh', join(folder, 'node_modules/.bin/crossover'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
})
afterAll(() => rmSync(folder, { recursive: true }))

function run(command: string, ...args: readonly string[]) {
  const { NODE_OPTIONS: _, ...rest } = process.env
  // The machine's own node may be older than the one that the package brought.
  const env = { ...rest, PATH: `${dirname(process.execPath)}:${rest['PATH'] ?? ''}` }
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test(
  'a new scenario’s test passes in a folder of its own, and fails when the scenario is spoilt',
  { timeout: TIME_LIMIT_MS },
  () => {
    const made = run('npx', '--no', '--', 'crossover', 'new', 'mine', '--yes', '--keys', '1000')
    expect(made).toMatchObject({ status: 0, stderr: '' })
    // Installed as it is, nobody has to be told how to.
    expect(made.stdout).not.toContain('npm install')
    const tested = run(process.execPath, '--test', 'mine.test.ts')
    expect(tested.stdout).toMatch(/pass 1\b/)
    expect(tested.status).toBe(0)
    writeFileSync(join(folder, 'mine.ts'), 'export default {}\n')
    const failed = run(process.execPath, '--test', 'mine.test.ts')
    expect(failed.status).toBe(1)
    expect(failed.stdout).toContain('mine.ts: default export: name is missing')
  },
)

test('where node did not come with the package the machine’s own is taken', () => {
  const elsewhere = join(folder, 'bare/harness/cli')
  mkdirSync(elsewhere, { recursive: true })
  cpSync(join(PACKAGE, 'harness/cli/crossover.sh'), join(elsewhere, 'crossover.sh'))
  writeFileSync(join(elsewhere, 'main.ts'), 'console.log(process.argv.slice(2).join("|"))\n')
  const { stdout } = run(join(elsewhere, 'crossover.sh'), 'two words', '*')
  expect(stdout).toBe('two words|*\n')
  expect(readdirSync(elsewhere).toSorted()).toEqual(['crossover.sh', 'main.ts'])
})
