import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueSchema } from '../../harness/results/catalogue.ts'

const MAIN = fileURLToPath(new URL('../../harness/cli/main.ts', import.meta.url))
const FOLDER = fileURLToPath(new URL('bad-scenarios', import.meta.url))
const TIME_LIMIT_MS = 60_000

let out = ''
/** It must not look like code to other tools. */
let syntaxError = ''

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'crossover-'))
  syntaxError = join(out, 'syntax-error.ts')
  copyFileSync(join(FOLDER, 'syntax-error.txt'), syntaxError)
})
afterAll(() => rmSync(out, { recursive: true }))

/** What a user gets of `crossover run`. */
async function run(...args: readonly string[]) {
  const flags = ['--profile', 'smoke', '--seed', '1', '--out', join(out, 'at')]
  const { code, stdout, stderr } = await started([MAIN, 'run', ...flags, ...args])
  const lines = stderr.split('\n')
  const errors = lines.filter((line) => line.startsWith('error: '))
  const cures = lines.filter((line) => line.startsWith('cure: '))
  const notes = lines.filter((line) => line.startsWith('note: '))
  return { code, stdout, errors, cures, notes }
}

function started(args: readonly string[]) {
  const { promise, resolve } = Promise.withResolvers<{
    readonly code: unknown
    readonly stdout: string
    readonly stderr: string
  }>()
  execFile(process.execPath, args, { encoding: 'utf8', cwd: FOLDER }, (error, stdout, stderr) =>
    resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
  )
  return promise
}

/** Both of one architecture: either may be the first that is played. */
const STAGED = ['--arms', 'staged,staged:batch=1']
const SHARDED = ['--arms', 'sharded,sharded:batch=1']

/** Of the files in the folder: arguments, and what the one error line must hold beside the file's path. */
const RUN_FAILURES: readonly (readonly [args: readonly string[], parts: readonly string[]])[] = [
  [
    ['./throws-in-run.js', ...STAGED],
    ['thread=apply-', 'stage=apply', 'enough is enough'],
  ],
  [
    ['./throws-in-run.js', ...SHARDED],
    ['thread=reactor-', 'stage=apply', 'enough is enough'],
  ],
  [
    ['./undeclared-access.js', ...STAGED],
    ['thread=apply-', 'stage=apply access=read', 'writes a record, which it does not declare'],
  ],
  [
    ['./undeclared-access.js', '--param', 'access=none', ...SHARDED],
    ['thread=reactor-', 'stage=apply access=none', 'touches a record, which it does not declare'],
  ],
  [
    ['./promise-from-run.js', '--param', 'how=plain'],
    ['stage=apply', 'returned a promise', 'run must be synchronous'],
  ],
  [
    ['./never-returns.js', ...STAGED],
    ['stage apply did not return within 5 s', '(thread apply-'],
  ],
  [
    ['./never-returns.js', ...SHARDED],
    ['stage apply did not return within 5 s', '(thread reactor-'],
  ],
]

// Side by side, here and below: most of them wait for a limit of 5 s.
test.concurrent.each(RUN_FAILURES)(
  'run %j: exit code 3, and one line names file, thread and stage',
  async (args, parts) => {
    const { code, errors, cures } = await run(...args)
    expect(errors).toHaveLength(1)
    for (const part of [join(FOLDER, args[0]!), ...parts]) expect(errors[0]).toContain(part)
    expect(cures).toHaveLength(1)
    expect(code).toBe(3)
  },
  TIME_LIMIT_MS,
)

const MISTAKES: readonly (readonly [args: readonly string[], message: string, cure: string])[] = [
  [
    ['./wrong-types.js'],
    'wrong-types.js: workload recordCount must be a number: many',
    'change what workload(params) returns',
  ],
  [
    ['./wrong-types.js', '--param', 'where=stages'],
    'wrong-types.js: stage apply: burn.micros must be a number, or drawn, 0 to 1000000: long',
    'change what stages(params) returns',
  ],
  [
    ['./wrong-types.js', '--param', 'where=run'],
    'wrong-types.js: stage apply: run must be a function: answer',
    'change what stages(params) returns',
  ],
  [
    ['./promise-from-run.js'],
    'promise-from-run.js: stage apply: run must be synchronous: neither async nor a generator',
    'change what stages(params) returns',
  ],
  [
    ['./default-out-of-range.js'],
    'default-out-of-range.js: default export: params.size must have a default from minimum to maximum',
    'defineScenario',
  ],
  [
    ['./one-to-ten.js', '--param', 'size=11'],
    'one-to-ten.js: size=11 is out of range',
    'size takes a number from 1 to 10 keys (default 5)',
  ],
  [
    ['./missing-import.js'],
    `missing-import.js: cannot be imported: Cannot find module '${join(FOLDER, 'there-is-no-such-file.js')}'`,
    'mend the file',
  ],
  [
    ['./default-export-throws.js'],
    'default-export-throws.js:4: cannot be imported: no size is known of default-export-throws',
    'mend the file',
  ],
  [
    ['./workload-throws.js'],
    'workload-throws.js: workload(params) failed: no workload today',
    'mend workload in the scenario',
  ],
  [
    ['./never-builds.js'],
    'never-builds.js: workload(params) failed: it did not return within 5 s',
    'mend workload in the scenario',
  ],
  [
    ['./never-builds.js', '--param', 'where=stages'],
    'never-builds.js: stages(params) failed: it did not return within 5 s',
    'mend stages in the scenario',
  ],
  [
    ['./never-loads.js'],
    'never-loads.js: cannot be imported: it has not finished after 5 s',
    'mend the file',
  ],
  [
    ['./one-to-ten.js', './one-to-ten.js'],
    'two scenarios have the name one-to-ten: ./one-to-ten.js and ./one-to-ten.js',
    'leave one out',
  ],
  [
    ['kv-update', './namesake/kv-update.js'],
    'two scenarios have the name kv-update: kv-update and ./namesake/kv-update.js',
    'leave one out',
  ],
]

test.concurrent.each(MISTAKES)(
  'run %j: exit code 2 before anything is measured, and one line says what is wrong',
  async (args, message, cure) => {
    const { code, errors, cures, stdout } = await run(...args)
    expect(errors).toEqual([expect.stringContaining(message)])
    expect(cures).toEqual([expect.stringContaining(cure)])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  },
  TIME_LIMIT_MS,
)

test.concurrent(
  'a file that does not parse is named with its line',
  async () => {
    const { code, errors } = await run(syntaxError)
    expect(errors).toEqual([expect.stringContaining(`${syntaxError}:6: cannot be imported: `)])
    expect(code).toBe(2)
  },
  TIME_LIMIT_MS,
)

test.concurrent(
  'a file with the name of a scenario of the package is what runs, and that is said',
  async () => {
    const { code, notes, errors } = await run('./namesake/kv-update.js')
    expect(errors).toEqual([])
    expect(notes).toEqual([expect.stringContaining('./namesake/kv-update.js has the name of')])
    expect(code).toBe(0)
  },
  TIME_LIMIT_MS,
)

/** The catalogue of the only folder below `at`. */
function catalogueIn(at: string) {
  const [name = ''] = readdirSync(at)
  const folder = join(at, name)
  const text = readFileSync(join(folder, 'catalogue.json'), 'utf8')
  return { folder, catalogue: catalogueSchema.parse(JSON.parse(text)) }
}

test.concurrent(
  'of several scenarios the others go on, and the exit code tells that one failed',
  async () => {
    const at = join(out, 'some')
    const { code, errors, stdout } = await run(
      './wrong-types.js',
      './never-builds.js',
      './throws-in-run.js',
      './one-to-ten.js',
      '--out',
      at,
    )
    expect(code).toBe(3)
    const [first, loop, second, last, ...more] = errors
    expect(first).toContain('wrong-types.js: workload recordCount')
    expect(loop).toContain('never-builds.js: workload(params) failed: it did not return')
    expect(second).toMatch(/throws-in-run\.js .*stage=apply/)
    expect(last).toBe('error: 3 of 4 scenarios failed: wrong-types, never-builds, throws-in-run')
    expect(more).toEqual([])
    expect(stdout).toMatch(/^one-to-ten: /m)
    const { folder, catalogue } = catalogueIn(at)
    expect(catalogue.complete).toBe(true)
    expect(catalogue.scenarios.map(({ name, state }) => [name, state])).toEqual([
      ['wrong-types', 'failed'],
      ['never-builds', 'failed'],
      ['throws-in-run', 'failed'],
      ['one-to-ten', 'sound'],
    ])
    expect(existsSync(join(folder, 'one-to-ten', 'report.html'))).toBe(true)
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain('enough is enough')
  },
  TIME_LIMIT_MS,
)

test.concurrent(
  'where only files were mistaken the exit code is 2, with --json one document tells of all',
  async () => {
    const at = join(out, 'mistaken')
    const { code, errors, stdout } = await run(
      './wrong-types.js',
      './one-to-ten.js',
      '--json',
      '--out',
      at,
    )
    expect(errors.at(-1)).toBe('error: 1 of 2 scenarios failed: wrong-types')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      path: catalogueIn(at).folder,
      complete: true,
      scenarios: [
        { name: 'wrong-types', state: 'failed', failure: { kind: 'usage' }, summary: null },
        { name: 'one-to-ten', state: 'sound', summary: { scenario: 'one-to-ten' } },
      ],
    })
  },
  TIME_LIMIT_MS,
)

test.concurrent(
  'where no file is right nothing is left behind',
  async () => {
    const at = join(out, 'none')
    const { code } = await run('./wrong-types.js', './workload-throws.js', '--out', at)
    expect(code).toBe(2)
    expect(existsSync(at)).toBe(false)
  },
  TIME_LIMIT_MS,
)
