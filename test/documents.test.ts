import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseArm } from '../harness/asked/arms.ts'
import { type AblateFlags, buildAblation } from '../harness/cli/ablate.ts'
import { buildClaims, type ClaimsFlags } from '../harness/cli/claims.ts'
import { parseLimit } from '../harness/cli/compare.ts'
import { buildFind, type FindFlags } from '../harness/cli/find.ts'
import { createProgram } from '../harness/cli/program.ts'
import type { RunFlags } from '../harness/cli/run-flags.ts'
import { buildRequest, checkFlags } from '../harness/cli/run-request.ts'
import { buildSweep, type SweepFlags } from '../harness/cli/sweep.ts'
import { buildValidation, type ValidateFlags } from '../harness/cli/validate.ts'
import { loadReport } from '../harness/results/load.ts'
import { loadScenario } from '../harness/scenario/load.ts'
import { runHere } from './cli/program-here.ts'

const DOCUMENTS = globSync('**/*.md', { exclude: (name) => /node_modules|^\./.test(name) })
/** Those that people write; reports are made by `crossover report`. */
const WRITTEN = DOCUMENTS.filter((path) => !path.startsWith('reports/example/'))
const WORKFLOW = 'reports/ci-workflow.yml'
const ROOT = process.cwd()

let folder = ''

/** What the documents call `my-scenario.ts`, `session-store.ts` and `log.csv`: the first as `new` writes it, the others as they print it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  await runHere(folder, ['new', 'my-scenario', '--yes'])
  const text = readFileSync('scenarios/README.md', 'utf8')
  writeFileSync(join(folder, 'session-store.ts'), /```ts\n(.*?)```/s.exec(text)![1]!)
  writeFileSync(join(folder, 'log.csv'), /```csv\n(.*?)```/s.exec(text)![1]!)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Blocks of code, and what is left of a text without them. */
function blocksOf(text: string): { readonly blocks: readonly string[]; readonly prose: string } {
  const fence = /^```\w*\n(.*?)^```$/gms
  return {
    blocks: [...text.matchAll(fence)].map((match) => match[1]!),
    prose: text.replaceAll(fence, ''),
  }
}

/** An anchor as GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

function anchorsOf(path: string): readonly string[] {
  const { prose } = blocksOf(readFileSync(path, 'utf8'))
  return [...prose.matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1]!))
}

test('each link of each document leads to a file and a heading that are there', () => {
  const links = DOCUMENTS.flatMap((path) => {
    const prose = blocksOf(readFileSync(path, 'utf8')).prose.replaceAll(/`[^`]*`/g, '')
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({ path, link: match[1]! }))
  }).filter(({ link }) => !/^https?:/.test(link))
  expect(links.length).toBeGreaterThan(30)
  const dead = links.filter(({ path, link }) => {
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? path : join(dirname(path), file)
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor))
  })
  expect(dead).toEqual([])
})

test('each source that a document names by a path is there', () => {
  const dead = DOCUMENTS.flatMap((path) => {
    const { prose } = blocksOf(readFileSync(path, 'utf8'))
    const names = [...prose.matchAll(/`([\w-]+\/[\w./-]+\.(?:ts|cpp|sh|yml))`/g)].map(
      (match) => match[1]!,
    )
    const from = ['.', 'harness', 'harness/architectures', dirname(path)]
    return names.filter((name) => !from.some((place) => existsSync(join(place, name))))
  })
  expect(dead).toEqual([])
})

/** Each command of crossover in a document, as it is typed, and where it stands. */
interface Typed {
  readonly path: string
  readonly line: string
}

function commandsIn(text: string): readonly string[] {
  return [...text.replaceAll('\\\n', ' ').matchAll(/npx crossover (?:[^#&\n"`)]|"[^"]*")+/g)].map(
    (match) => match[0].replace(/^npx crossover/, '').trim(),
  )
}

function typedIn(path: string): readonly Typed[] {
  const { blocks, prose } = blocksOf(readFileSync(path, 'utf8'))
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map((match) => match[1]!.replaceAll('\n', ' '))
  return [...blocks, ...inline].flatMap(commandsIn).map((line) => ({ path, line }))
}

/** The words of a command line. A placeholder, as `<old>`, is one; a file of the user's is one that is there. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => {
    const word = match[1] ?? match[2]!
    const name = word.replace(/^\.\//, '')
    return /^(?:(?:my-scenario|session-store)\.ts|log\.csv)$/.test(name) ? join(folder, name) : word
  })
}

/** Reads what was typed as far as its command does before it measures. @throws what a user would be told */
type Reader = (names: readonly string[], flags: unknown, args: readonly string[]) => unknown

/** `<old>`, `reports/<folder>`. */
function isPlaceholder(word: string): boolean {
  return /<.+>/.test(word)
}

const loadAll: Reader = (names) =>
  Promise.all(names.filter((name) => !isPlaceholder(name)).map((name) => loadScenario(name, {})))

const READERS: Readonly<Record<string, Reader>> = {
  run: async (names, flags, args) => {
    const asked = flags as RunFlags
    checkFlags(asked)
    // A baseline that was not measured cannot be read.
    if (asked.baseline !== undefined) await loadAll(names, flags, args)
    else
      for (const name of names.length === 0 ? ['kv-update'] : names)
        await buildRequest(name, asked, args)
  },
  sweep: ([name], flags, args) => buildSweep(name!, flags as SweepFlags, args),
  find: ([name], flags, args) => buildFind(name!, flags as FindFlags, args),
  ablate: ([name], flags, args) => buildAblation(name!, flags as AblateFlags, args),
  claims: (names, flags, args) =>
    // Only a file that says what would confirm a claim has one.
    names.some((name) => name.endsWith('.ts'))
      ? loadAll(names, flags, args)
      : buildClaims(names, flags as ClaimsFlags, args),
  validate: (_, flags, args) => buildValidation(flags as ValidateFlags, args),
  serve: ([arm]) => parseArm(arm!),
  report: ([path]) => (path === undefined || isPlaceholder(path) ? undefined : loadReport(path)),
  compare: (_, flags) => (flags as { failIf?: readonly string[] }).failIf?.map(parseLimit),
  list: loadAll,
  check: loadAll,
  calibrate: () => {},
  new: () => {},
}

/** The command lines that the real program, or its command, refuses, with what it says. */
async function refusedOf(typed: readonly Typed[]): Promise<readonly string[]> {
  const refused: string[] = []
  for (const { path, line } of typed) {
    const args = wordsOf(line)
    const program = await createProgram(args)
    for (const command of program.commands)
      command.action(async () => {
        await READERS[command.name()]?.(command.processedArgs.flat(), command.opts(), args)
      })
    // Help ends the program by throwing, too.
    const asked = args.filter((word) => word !== '--help')
    await program.parseAsync(asked, { from: 'user' }).catch((error: unknown) => {
      refused.push(`${path}: ${line}: ${(error as Error).message}`)
    })
  }
  return refused
}

test('the real program can read each command of each document, as far as it does before it measures', async () => {
  const typed = WRITTEN.flatMap(typedIn)
  expect(typed.length).toBeGreaterThan(30)
  expect(await refusedOf(typed)).toEqual([])
})

test('a flag, a scenario, a parameter or a place that is not there would be noticed', async () => {
  const wrong = [
    'run kv-update --transprot http',
    'run kv-updaet',
    'run kv-update --param updatesPercent=5',
    'sweep hot-key --over thet=0..1',
    'compare <old> <new> --fail-if "p98 > 10%"',
    'report reports/example/none',
    'claims C99',
  ].map((line) => ({ path: 'here', line }))
  expect(await refusedOf(wrong)).toHaveLength(wrong.length)
})

/** Flags of other programs, and the one that commander adds. */
const FOREIGN = new Set(['--single-threaded-gc', '--no-maglev', '--save-dev', '--test', '--help'])

test('each flag that a document speaks of is one of a command', async () => {
  const { commands } = await createProgram([])
  const known = new Set(commands.flatMap(({ options }) => options.map(({ long }) => long)))
  const named = WRITTEN.flatMap((path) =>
    [...blocksOf(readFileSync(path, 'utf8')).prose.matchAll(/`[^`]+`/g)].flatMap(([code]) =>
      /\bvitest\b|\bnpm run\b/.test(code)
        ? []
        : [...code.matchAll(/(?<=[\s`])--[a-z][\w-]+/g)].map(([flag]) => flag),
    ),
  )
  expect(named.length).toBeGreaterThan(60)
  expect(named.filter((flag) => !known.has(flag) && !FOREIGN.has(flag))).toEqual([])
})

test('each script of npm in a document is one of the package', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Readonly<Record<string, string>>
  }
  const named = WRITTEN.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\bnpm run ([\w:]+)/g)].map((match) => match[1]!),
  )
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

test('what takes no measuring does what the README says', { timeout: 30_000 }, async () => {
  for (const args of [
    ['list'],
    ['list', 'kv-update'],
    ['run', '--help'],
    ['report', 'reports/example/hot-key', '--format', 'all', '--out', folder],
    ['report', '--index', 'reports', '--out', join(folder, 'index.html')],
  ])
    expect({ args, ...(await runHere(ROOT, args)) }).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('error'),
    })
  const files = ['report.html', 'report.md', 'trials.csv', 'sharded.hlog', 'index.html']
  expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([])
})

test('README is a page, and begins with how to get a result', () => {
  const text = readFileSync('README.md', 'utf8')
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(120)
  expect(blocksOf(text).blocks).toContain('npm install\nnpm start\n')
})

test('what README shows of a terminal is what is printed of that run', async () => {
  const [shown] = /```text\n(.*?)```/s.exec(readFileSync('README.md', 'utf8'))?.slice(1) ?? []
  const { stdout } = await runHere(ROOT, [
    'report',
    'reports/example/lock-contention',
    '--out',
    folder,
  ])
  expect(stdout).toContain(shown)
})

/** What is asked of a workflow's step here. */
interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

test('the workflow to copy is YAML that GitHub can read, with commands that crossover can read', async () => {
  const workflow = parse(readFileSync(WORKFLOW, 'utf8'), { strict: true }) as {
    readonly on: object
    readonly jobs: Readonly<
      Record<string, { readonly 'runs-on': unknown; readonly steps: readonly Step[] }>
    >
  }
  expect(workflow.on).toHaveProperty('pull_request')
  const jobs = Object.values(workflow.jobs)
  const steps = jobs.flatMap((job) => job.steps)
  expect(jobs.every((job) => job['runs-on'] !== undefined)).toBe(true)
  const isStep = ({ uses, run }: Step) =>
    uses === undefined
      ? run !== undefined
      : run === undefined && /^actions\/[\w/-]+@v\d+$/.test(uses)
  expect(steps.filter((step) => !isStep(step))).toEqual([])
  const typed = steps
    .flatMap(({ run = '' }) => commandsIn(run))
    .map((line) => ({ path: WORKFLOW, line }))
  expect(typed).toHaveLength(2)
  expect(await refusedOf(typed)).toEqual([])
  // What the first writes is what the second reads, and what the cache keeps.
  const kept = steps.flatMap((step) => (step.uses?.includes('cache') ? [step.with?.['path']] : []))
  expect(kept).toEqual(['baselines', 'baselines'])
  expect(typed[0]!.line).toContain('--out "$GITHUB_WORKSPACE/baselines"')
  expect(typed[1]!.line).toContain('--baseline baselines')
})

test('no committed result names a path of the machine that it was made on', () => {
  const results = globSync('reports/example/**/*.{json,md}')
  expect(results.length).toBeGreaterThan(30)
  const named = results.filter((path) =>
    /(?<![\w.:/])\/(tmp|home|root|work|var)\//.test(readFileSync(path, 'utf8')),
  )
  expect(named).toEqual([])
})
