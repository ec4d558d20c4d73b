import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { usageError } from '../base/errors.ts'
import { listScenarios } from '../experiment/load-scenario.ts'
import { parseParameters } from '../experiment/parse-parameters.ts'
import { shellCommand, shellQuoted } from './command-line.ts'
import { askQuestions } from './new-prompts.ts'
import { NEW_QUESTIONS, type NewAnswers, type NewQuestion } from './new-questions.ts'
import { nodeCommand } from './node-command.ts'
import { scenarioText } from './new-scenario-text.ts'
import { testText } from './new-test-text.ts'
import { writeNewFiles } from './write-new-files.ts'

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const LONGEST_NAME = 64
const PACKAGE_FOLDER = resolve(import.meta.dirname, '../..')
const PACKAGE_ENTRY = join(PACKAGE_FOLDER, 'harness/index.ts')

export interface NewRequest {
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
  const install = isInstalledFor(path)
    ? []
    : [
        '',
        'Editors, npx and the test find crossover by its name once it is installed in that folder:',
        `  ${folder === process.cwd() ? '' : `cd ${shellQuoted(folder)} && `}npm install --save-dev ${shellQuoted(PACKAGE_FOLDER)}`,
      ]
  return [
    `wrote ${file} and ${testFile}`,
    ...install,
    '',
    'Next:',
    `  ${shellCommand(['check', file!])}`,
    `  ${shellCommand(['run', file!, '--profile', 'smoke'])}`,
    `  ${shellQuoted(nodeCommand(process.cwd()))} --test ${shellQuoted(testFile!)}`,
  ].join('\n')
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
