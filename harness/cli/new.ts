import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, findPackageJSON } from 'node:module'
import { delimiter, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import { describeParameter, parseParameters } from '../asked/parameters.ts'
import { usageError } from '../base/errors.ts'
import { failureReason } from '../results/files.ts'
import { listScenarios } from '../scenario/load.ts'
import { shellCommand, shellQuoted } from './command-line.ts'
import {
  askQuestions,
  NEW_QUESTIONS,
  type NewAnswers,
  type NewFlag,
  type NewQuestion,
} from './new-questions.ts'
import { scenarioText, testText } from './new-text.ts'
import { isRecentEnough } from './node-version.ts'

/** The oldest node whose own test runner takes `.ts` files without a flag. */
const TEST_RUNNER = { major: 22, minor: 18 }

/**
 * How a user in the folder `here` starts a node that runs tests in TypeScript: `node` where the machine's own is recent enough,
 * else the path of the one that runs crossover. Starts a process.
 */
export function nodeCommand(here: string): string {
  const { status, stdout } = spawnSync('node', ['--version'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: ownPath(process.env['PATH'] ?? '') },
  })
  const version = stdout?.trim().replace(/^v/, '') ?? ''
  if (status === 0 && isRecentEnough(version, TEST_RUNNER)) return 'node'
  const way = relative(here, process.execPath)
  const typed = way.startsWith('.') ? way : `./${way}`
  return typed.length < process.execPath.length ? typed : process.execPath
}

/** The path without what npm and npx put in front of it for the commands that they start. */
function ownPath(path: string): string {
  return path
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter)
}

/**
 * Writes files that must not exist yet, all or none, into folders that do: a mistyped folder is not made.
 * @throws CrossoverError of kind `usage` when one exists or cannot be written.
 */
export function writeNewFiles(files: readonly (readonly [path: string, content: string])[]): void {
  const written: string[] = []
  for (const [path, content] of files) {
    try {
      // Fails where a file is, whoever put it there meanwhile.
      writeFileSync(path, content, { flag: 'wx' })
      written.push(path)
    } catch (error) {
      for (const earlier of written) rmSync(earlier, { force: true })
      throw usageError(
        'new-file',
        `cannot write the file: ${failureReason(error)}: ${path}`,
        'choose a folder that is there and that you may write to: --out <folder>',
        error,
      )
    }
  }
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const LONGEST_NAME = 64
const PACKAGE_FOLDER = resolve(import.meta.dirname, '../..')
const PACKAGE_ENTRY = join(PACKAGE_FOLDER, 'harness/index.ts')

interface NewRequest {
  readonly name: string
  readonly folder: string
  /** Answers by flag, as the user wrote them. */
  readonly given: Readonly<Record<string, string>>
  /** Whether there is a terminal to ask for the others. */
  readonly asks: boolean
}

/**
 * Writes a scenario and its test, both or neither, and prints what to do next.
 * @throws CrossoverError of kind `usage` for a name or an answer that cannot be, an existing file, a folder that cannot be
 * written; of kind `run` when the user breaks off.
 */
export async function executeNew({ name, folder, given, asks }: NewRequest): Promise<void> {
  refuseName(name)
  const path = join(resolve(folder), `${name}.ts`)
  const testPath = join(resolve(folder), `${name}.test.ts`)
  // Before the questions: nobody should answer them in vain.
  for (const file of [path, testPath]) if (existsSync(file)) throw isThere(file)
  answersOf(given)
  const terminal = { input: process.stdin, output: process.stdout }
  const answers = answersOf(asks ? await askQuestions(given, terminal) : given)
  writeNewFiles([
    [path, scenarioText(name, answers)],
    [testPath, testText(name)],
  ])
  console.log(nextSteps(path, testPath))
}

function refuseName(name: string): void {
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    throw usageError(
      'name',
      `not a name for a scenario: ${name}`,
      `lower-case words joined by -, at most ${LONGEST_NAME} characters, e.g. my-scenario; --out says where the files go`,
    )
  }
  if (!listScenarios().includes(name)) return
  throw usageError(
    'name',
    `a scenario of the package has this name: ${name}`,
    `choose another one, e.g. my-${name}`,
  )
}

function isThere(path: string): Error {
  return usageError(
    'exists',
    `a file of this name is there: ${path}`,
    'choose another name, or another folder by --out',
  )
}

function answersOf(given: Readonly<Record<string, string>>): NewAnswers {
  const specs = Object.fromEntries(
    Object.entries<NewQuestion>(NEW_QUESTIONS).map(([flag, { spec }]) => [flag, spec]),
  )
  const answers = parseParameters(specs, given, 'crossover new') as NewAnswers
  const bytes = answers['value-bytes']
  if (bytes % 4 === 0) return answers
  throw usageError(
    'parameter',
    `crossover new: value-bytes=${bytes} is not a multiple of 4`,
    `the nearest are ${bytes - (bytes % 4)} and ${bytes - (bytes % 4) + 4}`,
  )
}

function nextSteps(path: string, testPath: string): string {
  const [file, testFile] = [path, testPath].map(fromHere)
  const folder = resolve(path, '..')
  const there = folder === process.cwd() ? '' : `cd ${shellQuoted(folder)} && `
  const install = isInstalledFor(path)
    ? []
    : [
        '',
        'Editors, npx and the test find crossover by its name once it is installed in that folder:',
        `  ${there}npm install --save-dev ${shellQuoted(PACKAGE_FOLDER)}`,
      ]
  // As `npm init` writes it.
  const module = isCommonJs(path)
    ? [
        '',
        'node takes the test for CommonJS, until package.json says otherwise:',
        `  ${there}npm pkg set type=module`,
      ]
    : []
  return [
    `wrote ${file} and ${testFile}`,
    ...install,
    ...module,
    '',
    'Next:',
    `  ${shellCommand(['check', file!])}`,
    `  ${shellCommand(['run', file!, '--profile', 'smoke'])}`,
    `  ${shellQuoted(nodeCommand(process.cwd()))} --test ${shellQuoted(testFile!)}`,
  ].join('\n')
}

/** Whether the nearest package.json says that a file, which must be there, is no ES module. */
function isCommonJs(file: string): boolean {
  const path = findPackageJSON(pathToFileURL(file))
  return path !== undefined && /"type"\s*:\s*"commonjs"/.test(readFileSync(path, 'utf8'))
}

/** A path as it is typed in the present folder: with a slash, which tells a scenario's path from a name. */
function fromHere(path: string): string {
  const way = relative(process.cwd(), path)
  return way.startsWith('.') ? way : `./${way}`
}

/** Whether `crossover`, imported by a file, is this package. */
function isInstalledFor(path: string): boolean {
  try {
    return realpathSync(createRequire(path).resolve('crossover')) === PACKAGE_ENTRY
  } catch {
    return false
  }
}

const NOTES = `
It writes <name>.ts and <name>.test.ts. On a terminal it asks what no flag says; elsewhere, and with --yes, the rest has
its defaults. How to go on is in scenarios/README.md.

Examples:
  crossover new my-scenario
  crossover new session-store --yes --updates 10 --skew hot-key
  crossover new thumbnails --stores nothing --work-micros 80 --waits blocking --out scenarios`

/** `crossover new`: a scenario to begin with, and its test. */
export function addNewCommand(program: Command): void {
  const command = program
    .command('new')
    .description('write a scenario of your own and its test, after a few questions')
    .argument('<name>', 'lower-case words joined by -: the scenario’s and its files’ name')
  for (const [flag, { spec }] of Object.entries(NEW_QUESTIONS))
    command.option(`--${flag} <value>`, `${spec.description}: ${describeParameter(spec)}`)
  command
    .option('--yes', 'ask nothing')
    .option('--out <folder>', 'where the files go', '.')
    .addHelpText('after', NOTES)
    .action(async (name: string, flags: Readonly<Record<string, unknown>>) => {
      await executeNew({
        name,
        folder: String(flags['out']),
        given: givenAnswers(flags),
        asks: flags['yes'] !== true && process.stdin.isTTY && process.stdout.isTTY,
      })
    })
}

function givenAnswers(flags: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = Object.keys(NEW_QUESTIONS) as NewFlag[]
  return Object.fromEntries(
    names.flatMap((flag) => {
      const value = flags[flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())]
      return typeof value === 'string' ? [[flag, value]] : []
    }),
  )
}
