import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ending, runHere } from './program-here.ts'

const MAIN = fileURLToPath(new URL('../../harness/cli/main.ts', import.meta.url))

const SCENARIO_WITHOUT_STAGES = `import { defineScenario, eachAnswerRight } from 'crossover'
export default { name: 'no-stages', question: 'Why?', params: {}, workload: () => ({}), verify: eachAnswerRight }
`

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  writeFileSync(join(folder, 'plain-file'), '')
  writeFileSync(join(folder, 'no-stages.ts'), SCENARIO_WITHOUT_STAGES)
  writeFileSync(join(folder, 'unparsable.ts'), 'const fine = 1\nexport default { name: , }\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the command line in a folder of its own, as a user would. */
function crossover(...args: readonly string[]): Ending {
  const { CROSSOVER_DEBUG: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  return { code: status, stdout, stderr }
}

/** What is wrong, the command line, and what the error line and the cure must say. */
const MISTAKES: readonly (readonly [
  what: string,
  args: readonly string[],
  error: RegExp,
  cure: RegExp,
])[] = [
  ['unknown scenario', ['run', 'nonsense'], /^no scenario has this name: nonsense$/, /kv-update/],
  ['mistyped scenario', ['run', 'kv-updaet'], /kv-updaet$/, /^did you mean kv-update\?/],
  [
    'absent processor',
    ['run', '--cpus', '99'],
    /^--cpus 99: not available: 99$/,
    /^available are \d/,
  ],
  ['load that is none', ['run', '--loads', '150x'], /^--loads: not a load: 150x$/, /20%,50%,max/],
  [
    'one arm',
    ['run', '--arms', 'staged'],
    /^--arms needs 2 to 4 arms, not 1: staged$/,
    /--arms staged,sharded/,
  ],
  [
    'unknown choice',
    ['run', '--arms', 'staged:layout=nonsense,sharded'],
    /layout=nonsense/,
    /classic, fused/,
  ],
  [
    'parameter out of range',
    ['run', '--param', 'keys=0'],
    /keys=0 is out of range$/,
    /1 to 4,000,000 keys/,
  ],
  ['unknown parameter', ['run', '--param', 'kees=1'], /kees=1/, /^did you mean keys\?/],
  ['pairs that are no number', ['run', '--pairs', 'x'], /^--pairs x/, /1 to 64/],
  ['pairs beyond the exact test', ['run', '--pairs', '65'], /^--pairs 65/, /1 to 64/],
  ['too few pairs', ['run', '--pairs', '1'], /^--pairs 1: .*95 % needs at least 6/, /--pairs 6/],
  [
    'too few pairs for the level',
    ['run', '--level', '0.99', '--pairs', '6'],
    /^--pairs 6: .*99 % needs at least 8/,
    /--pairs 8/,
  ],
  ['level that is none', ['run', '--level', '1.5'], /^--level 1\.5/, /--level 0\.95/],
  [
    'unknown metric',
    ['run', '--metric', 'nonsense'],
    /nonsense$/,
    /p50, .*throughput, goodput, cpu/,
  ],
  [
    'precision of nothing',
    ['run', '--until-precise', '0'],
    /^--until-precise 0: not a precision$/,
    /1% to 100%/,
  ],
  [
    'precision with a number of pairs',
    ['run', '--until-precise', '10%', '--pairs', '6'],
    /^--until-precise 10% and --pairs 6 exclude each other$/,
    /leave out one/,
  ],
  ['objective that is none', ['run', '--slo', 'p42='], /^--slo p42=: not an obj/, /--slo p99=1ms/],
  [
    'objective with loads',
    ['run', '--slo', 'p99=1ms', '--loads', '50%'],
    /^--slo p99=1ms and --loads 50% exclude each other$/,
    /leave out one/,
  ],
  ['no virtual cores', ['run', '--virtual-cores', '0'], /^--virtual-cores 0/, /1 to 64/],
  ['unknown part', ['validate', '--only', 'theroy'], /theroy$/, /^did you mean theory\?/],
  ['no A/A runs', ['validate', '--aa-runs', '0'], /^--aa-runs 0/, /1 to 1000/],
  [
    'A/A runs without their part',
    ['validate', '--aa-runs', '5', '--only', 'theory'],
    /^--aa-runs 5 and --only theory exclude each other$/,
    /add aa to --only/,
  ],
  ['validation on no processor', ['validate', '--cpus', '99'], /not available: 99$/, /available/],
  ['duration of nothing', ['run', '--duration', '0'], /^--duration 0/, /0\.1s to 600s/],
  ['unknown profile', ['run', '--profile', 'huge'], /huge$/, /smoke, short, default, long/],
  [
    'folder below a file',
    ['run', '--out', 'plain-file/reports'],
    /path=plain-file\/reports/,
    /--out <folder>/,
  ],
  ['missing scenario file', ['run', './missing.ts'], /missing\.ts$/, /path of a file/],
  [
    'scenario that does not parse',
    ['run', './unparsable.ts'],
    /unparsable\.ts:2: cannot be imported: /,
    /^mend the file/,
  ],
  [
    'scenario without stages',
    ['run', './no-stages.ts'],
    /no-stages\.ts: default export: stages is missing$/,
    /defineScenario/,
  ],
  ['unknown scenario to list', ['list', 'nonsense'], /^no scenario has this name/, /kv-update/],
  ['new scenario without a name', ['new'], /^missing required argument 'name'$/, /--help/],
  ['new scenario with a bad name', ['new', 'Mine'], /^not a name .*: Mine$/, /^lower-case words/],
  ['new scenario of a taken name', ['new', 'kv-update'], /has this name: kv-update$/, /my-kv-up/],
  [
    'new scenario with a bad answer',
    ['new', 'mine', '--updates', '101'],
    /^crossover new: updates=101 is out of range$/,
    /0 to 100 %/,
  ],
  [
    'new scenario in no folder',
    ['new', 'mine', '--out', 'nowhere'],
    /no such file or folder: .*nowhere\/mine\.ts$/,
    /--out <folder>/,
  ],
  ['check of nothing', ['check'], /^missing required argument 'scenario'$/, /--help/],
  ['log that is not there', ['run', '--trace', 'no.csv'], /no such file.*: no\.csv$/, /CSV/],
  [
    'log that is none',
    ['run', '--trace', 'no-stages.ts'],
    /^no-stages\.ts:1: no column instant in the heading line/,
    /instant,operation,key,bytes/,
  ],
  [
    'log over real sockets',
    ['run', '--trace', 'no.csv', '--transport', 'http'],
    /^--trace no\.csv and --transport http exclude each other$/,
    /leave out one/,
  ],
  ['pace of no log', ['run', '--loads', 'log'], /^--loads: log is the pace/, /--trace <file>/],
  ['unknown flag', ['run', '--pears', '3'], /^unknown option '--pears'$/, /--pairs/],
  ['unknown command', ['walk'], /^unknown command 'walk'$/, /--help/],
  [
    'a scenario named twice',
    ['run', 'kv-update', 'kv-update'],
    /^two scenarios have the name kv-update: kv-update and kv-update$/,
    /leave one out/,
  ],
  [
    'all scenarios and one',
    ['run', 'kv-update', '--all'],
    /^--all and kv-update exclude each other$/,
    /leave out one/,
  ],
  [
    'a parameter of all scenarios',
    ['run', '--all', '--param', 'keys=1'],
    /^--all and --param keys=1 exclude each other$/,
    /name those that have it/,
  ],
  [
    'a wrong flag of all scenarios',
    ['run', '--all', '--loads', 'x'],
    /not a load: x$/,
    /20%,50%,max/,
  ],
  ['flag without its value', ['run', '--arms'], /argument missing/, /--help/],
]

/** Of each command and of each part of the program that refuses one: these are started as a user would. */
const STARTED: ReadonlySet<string> = new Set([
  'unknown scenario',
  'parameter out of range',
  'unknown part',
  'missing scenario file',
  // Told by node's own loader.
  'scenario that does not parse',
  'scenario without stages',
  'unknown scenario to list',
  'new scenario with a bad answer',
  'check of nothing',
  'log that is none',
  'unknown command',
])

test('there are mistakes of these names', () => {
  const names = MISTAKES.map(([what]) => what)
  expect([...STARTED].filter((what) => !names.includes(what))).toEqual([])
})

test.each(MISTAKES)(
  '%s: exit code 2, one error line and one cure',
  async (what, args, error, cure) => {
    const { code, stdout, stderr } = STARTED.has(what)
      ? crossover(...args)
      : await runHere(folder, args)
    const [errorLine = '', cureLine = '', ...more] = stderr.trimEnd().split('\n')
    expect(errorLine).toMatch(/^error: /)
    expect(errorLine.slice('error: '.length)).toMatch(error)
    expect(cureLine).toMatch(/^cure: /)
    expect(cureLine.slice('cure: '.length)).toMatch(cure)
    expect(more).toEqual([])
    expect(stdout).toBe('')
    expect(code).toBe(2)
  },
)

test('no mistake leaves a folder behind', () => {
  expect(readdirSync(folder).toSorted()).toEqual(['no-stages.ts', 'plain-file', 'unparsable.ts'])
})

test('the stack is shown to who asks for it', () => {
  const { stderr } = spawnSync(process.execPath, [MAIN, 'run', 'nonsense'], {
    env: { ...process.env, CROSSOVER_DEBUG: '1' },
    encoding: 'utf8',
  })
  expect(stderr).toMatch(/\n {4}at /)
})

test('list names each scenario with its claim and question, in 80 columns', () => {
  const { code, stdout, stderr } = crossover('list')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^C02 +kv-update +Which architecture .*$/m)
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
})

test('list with a name tells everything about it', async () => {
  const { code, stdout, stderr } = await runHere(folder, ['list', 'kv-update'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^kv-update, claim C02\n {2}Which architecture .*/)
  expect(stdout).toMatch(/^ {2}keys: an integer from 1 to 4,000,000 keys \(default 100,000\)$/m)
})

test('list --json is one array', async () => {
  const { code, stdout } = await runHere(folder, ['list', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({
      name: 'kv-update',
      claim: 'C02',
      params: expect.objectContaining({ keys: expect.anything() }),
    }),
  )
})

test.each([
  [['--help']],
  [['run', '--help']],
  [['validate', '--help']],
  [['list', '--help']],
  [['new', '--help']],
  [['check', '--help']],
])('%j explains itself with an example', async (args) => {
  const { code, stdout, stderr } = await runHere(folder, args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Usage: crossover/)
  expect(stdout).toMatch(/\nExamples?:\n {2}crossover /)
})

test('without a command the help is shown as an error', () => {
  const { code, stdout, stderr } = crossover()
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^Usage: crossover/)
})

test('help is no error to who started it either', () => {
  const { code, stdout, stderr } = crossover('run', '--help')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Usage: crossover/)
})

test('--version prints the package’s version', () => {
  expect(crossover('--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
})
