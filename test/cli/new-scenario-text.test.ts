import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  NEW_QUESTIONS,
  type NewAnswers,
  type NewQuestion,
} from '../../harness/cli/new-questions.ts'
import { scenarioText, testText } from '../../harness/cli/new-text.ts'
import { checkRules } from '../../harness/scenario/rules.ts'

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))
const TIME_LIMIT_MS = 60_000

const DEFAULTS = Object.fromEntries(
  Object.entries<NewQuestion>(NEW_QUESTIONS).map(([flag, { spec }]) => [flag, spec.default]),
) as NewAnswers

/** Every combination of what decides which lines there are. */
const ANSWERS: readonly NewAnswers[] = ['records', 'nothing'].flatMap((stores) =>
  NEW_QUESTIONS.skew.spec.choices.flatMap((skew) =>
    NEW_QUESTIONS.waits.spec.choices.map((waits) => ({ ...DEFAULTS, stores, skew, waits })),
  ),
)
/** Values that the text has to write in another form. */
const ODD: NewAnswers = {
  ...DEFAULTS,
  keys: 1_234_567,
  'value-bytes': 1_024,
  updates: 0,
  'work-micros': 0.5,
  expect: 'none',
}
const CASES = [...ANSWERS, ODD, { ...DEFAULTS, expect: 'staged' }].map(
  (answers, index) => [`new-${index}`, answers] as const,
)

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(PACKAGE, join(folder, 'node_modules/crossover'))
  symlinkSync(join(PACKAGE, 'node_modules/@types'), join(folder, 'node_modules/@types'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const [name, answers] of CASES) {
    writeFileSync(join(folder, `${name}.ts`), scenarioText(name, answers))
    writeFileSync(join(folder, `${name}.test.ts`), testText(name))
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What one of the package's tools says of the folder; empty when it finds nothing. */
function findings(name: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(join(PACKAGE, 'node_modules/.bin', name), args, {
    cwd: folder,
    encoding: 'utf8',
    // oxlint looks there for its type-aware part.
    env: {
      ...process.env,
      PATH: `${join(PACKAGE, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    },
  })
  return status === 0 ? '' : stdout + stderr
}

test.each(CASES)('%s keeps the rules', async (name) => {
  expect(await checkRules(join(folder, `${name}.ts`))).toHaveLength(4)
})

test('each scenario and its test type-check', { timeout: TIME_LIMIT_MS }, () => {
  const compilerOptions = {
    target: 'esnext',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    skipLibCheck: true,
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['new-*.ts'] }),
  )
  // What is wrong in the harness itself is for its own check to find.
  const found = findings('tsc', '--pretty', 'false').split('\n')
  expect(found.filter((line) => line.startsWith('new-'))).toEqual([])
})

const FILES = CASES.flatMap(([name]) => [`${name}.ts`, `${name}.test.ts`])

test('each scenario and its test pass oxlint', { timeout: TIME_LIMIT_MS }, () => {
  expect(
    findings('oxlint', '-c', join(PACKAGE, '.oxlintrc.json'), '--deny-warnings', ...FILES),
  ).toBe('')
})

test('each scenario and its test are formatted as oxfmt would', { timeout: TIME_LIMIT_MS }, () => {
  expect(findings('oxfmt', '-c', join(PACKAGE, '.oxfmtrc.json'), '--check', ...FILES)).toBe('')
})

test('the answers are what the parameters begin with', () => {
  const text = scenarioText('odd', ODD)
  for (const begun of ['1_234_567', '1_024', '0', '0.99', '0.5'])
    expect(text).toContain(`default: ${begun},\n`)
  expect(text).toContain("winner: 'none'")
})
