import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkFile } from '../../harness/cli/check.ts'
import { parseInstant } from '../../harness/scenario/log-instants.ts'
import { readRequestLog } from '../../harness/scenario/read-request-log.ts'

const README = readFileSync(new URL('../../scenarios/README.md', import.meta.url), 'utf8')
const TIME_LIMIT_MS = 30_000

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The first block of code of this language, or a later one. */
function block(language: string, index = 0): string {
  return [...README.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))][index]?.[1] ?? ''
}

test(
  'the scenario of scenarios/README.md keeps the rules, and both architectures answer it rightly',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const path = join(folder, 'session-store.ts')
    writeFileSync(path, block('ts'))
    const lines: string[] = []
    await checkFile(path, (line) => lines.push(line), new AbortController().signal)
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(
        /^staged: \d+ requests, every answer right, and again in a second trial$/,
      ),
      expect.stringMatching(
        /^sharded: \d+ requests, every answer right, and again in a second trial$/,
      ),
    ])
  },
)

test(
  'its criterion fits the scenario, once that has classes',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const path = join(folder, 'session-claims.ts')
    const classes = /`(classes: \{ by: 'operation'.+?)`/.exec(README)?.[1]
    const scenario = block('ts')
      .replace("name: 'session-store'", "name: 'session-claims'")
      .replace('  params: {', `${block('ts', 1)}  params: {`)
      .replace('    arrivals:', `    ${classes},\n    arrivals:`)
    writeFileSync(path, scenario)
    const lines: string[] = []
    await checkFile(path, (line) => lines.push(line), new AbortController().signal)
    expect(lines).toContain('criteria: cells, figures and limits')
  },
)

test('the log of scenarios/README.md is one, and its date is an instant', async () => {
  const path = join(folder, 'log.csv')
  writeFileSync(path, block('csv'))
  expect(await readRequestLog(path)).toMatchObject({ keyCount: 2 })
  expect(parseInstant(/a date, `(.+?)`/.exec(README)?.[1] ?? '')).toMatchObject({ form: 'date' })
})
