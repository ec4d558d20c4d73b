import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, relative, resolve, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Assignments, parseParameters } from '../asked/parameters.ts'
import type { LoadedScenario } from '../asked/requests.ts'
import { messageOf, usageError } from '../base/errors.ts'
import { namesCure, nearestName } from '../base/text.ts'
import { MS_PER_SECOND } from '../base/units.ts'
import { checkPrepared, checkScenario } from './check.ts'
import { registerCrossoverName } from './resolve-crossover.ts'

const SCENARIOS_FOLDER = resolve(import.meta.dirname, '../../scenarios')

const HARNESS_FOLDER = resolve(import.meta.dirname, '..')

/** `file:///a/b.ts:3` or `/a/b.ts:3`. */
const STACK_PLACE = /((?:file:\/\/)?\/[^\n:()]*\.[cm]?[jt]s):(\d+)/g

const IMPORT_LIMIT_SECONDS = 5

const MODULE_EXTENSIONS = ['.ts', '.mts', '.js', '.mjs']

/** Names of the scenarios that come with the package, in alphabetical order. */
export function listScenarios(): string[] {
  return readdirSync(SCENARIOS_FOLDER)
    .filter((file) => extname(file) === '.ts' && !file.endsWith('.test.ts'))
    .map((file) => basename(file, '.ts'))
    .toSorted()
}

/**
 * Imports and checks a scenario, by name or, with a slash or a module's extension in it, by path. What the harness
 * could not run is refused here, in one line, before anything is measured. Executes the file.
 */
export async function loadScenario(
  nameOrPath: string,
  assignments: Assignments,
): Promise<LoadedScenario> {
  const path = locate(nameOrPath)
  const url = pathToFileURL(path).href
  const sources = sourcesOf(path)
  const scenario = checkScenario(await importDefault(url, path), path)
  const fileName = basename(path, extname(path))
  if (scenario.name !== fileName) {
    throw usageError(
      'scenario',
      `${path}: name is not the file’s: name=${scenario.name}`,
      `write name: '${fileName}', or rename the file`,
    )
  }
  const where = whereOf(nameOrPath)
  const params = parseParameters(scenario.params, assignments, where)
  checkPrepared(scenario, params, where)
  return { url, scenario, params, sources }
}

/** `from './x.ts'`, `import './x.ts'`, `import('./x.ts')`: what no import is and looks like one is a file more. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g

/** SHA-256 of a scenario's file and of all that it imports by a relative path, by their paths from its folder. */
function sourcesOf(path: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>()
  const waiting = [path]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const name = relative(dirname(path), file)
    // Crossover's own files are those of its commit.
    if (found.has(name) || file.startsWith(HARNESS_FOLDER + sep)) continue
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue
    const text = readFileSync(file, 'utf8')
    found.set(name, createHash('sha256').update(text).digest('hex'))
    for (const [, , address] of text.matchAll(RELATIVE_IMPORT))
      waiting.push(resolve(dirname(file), address!))
  }
  return Object.fromEntries(found)
}

/** How errors name a scenario: by its file when that was given. */
export function whereOf(nameOrPath: string): string {
  return isPath(nameOrPath) ? resolve(nameOrPath) : `scenario ${nameOrPath}`
}

/** The name that a scenario must have by its file. */
export function scenarioNameOf(nameOrPath: string): string {
  return isPath(nameOrPath) ? basename(nameOrPath, extname(nameOrPath)) : nameOrPath
}

/** Whether it is the path of a file whose name a scenario of the package has, too, without being that one. */
export function isNamesake(nameOrPath: string): boolean {
  const name = scenarioNameOf(nameOrPath)
  return (
    isPath(nameOrPath) &&
    listScenarios().includes(name) &&
    resolve(nameOrPath) !== resolve(SCENARIOS_FOLDER, `${name}.ts`)
  )
}

function isPath(nameOrPath: string): boolean {
  return nameOrPath.includes('/') || MODULE_EXTENSIONS.includes(extname(nameOrPath))
}

function locate(nameOrPath: string): string {
  if (isPath(nameOrPath)) {
    const path = resolve(nameOrPath)
    if (existsSync(path) && statSync(path).isFile()) return path
    throw usageError(
      'scenario',
      `no scenario file there: ${path}`,
      'give the path of a file, or a name that `crossover list` prints',
    )
  }
  const names = listScenarios()
  if (names.includes(nameOrPath)) return resolve(SCENARIOS_FOLDER, `${nameOrPath}.ts`)
  throw usageError(
    'unknown-scenario',
    `no scenario has this name: ${nameOrPath}`,
    nameCure(nameOrPath, names),
  )
}

/** As claims of the package are called: `C05`, `C21-staged`. */
const CLAIM_ID = /^c\d\d(?:-\w+)?$/i

/** A file of this name that is right here was meant, whatever scenario has a name like it. */
function nameCure(typed: string, names: readonly string[]): string {
  const file = MODULE_EXTENSIONS.map((extension) => `./${typed}${extension}`).find((path) =>
    existsSync(resolve(path)),
  )
  if (file !== undefined) return `did you mean ${file}?`
  if (CLAIM_ID.test(typed))
    return `a claim is tested by crossover claims ${typed}; crossover list says which scenario has it`
  const nearest = nearestName(typed, names)
  return nearest === undefined
    ? `${namesCure(typed, names, 'scenarios')}; a file of your own is given by its path, ./${typed}.ts`
    : `did you mean ${nearest}? crossover list names all`
}

async function importDefault(url: string, path: string): Promise<unknown> {
  registerCrossoverName()
  const module = await importInTime(url).catch((cause: unknown) => {
    const place = placeOf(cause) ?? path
    throw usageError(
      'scenario-import',
      `${place}: cannot be imported: ${messageOf(cause).split('\n')[0]}`,
      'mend the file: an ES module in TypeScript without enum, namespace and the like, or in JavaScript',
      cause,
    )
  })
  if (module.default !== undefined) return module.default
  throw usageError(
    'scenario',
    `${path}: has no default export`,
    'write export default defineScenario({ … }); scenarios/kv-update.ts is an example',
  )
}

/** A file that awaits what never comes would else end the process without a word. */
async function importInTime(url: string): Promise<{ readonly default?: unknown }> {
  const limit = new AbortController()
  const late = delay(IMPORT_LIMIT_SECONDS * MS_PER_SECOND, undefined, {
    signal: limit.signal,
  }).then(() => {
    throw new Error(`it has not finished after ${IMPORT_LIMIT_SECONDS} s`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([import(url) as Promise<{ default?: unknown }>, late])
  } finally {
    limit.abort()
  }
}

/** The first `file:line` of an error's stack that is not in the harness or in node. */
function placeOf(thrown: unknown): string | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  for (const [, address = '', line] of stack.matchAll(STACK_PLACE)) {
    const file = address.startsWith('file:') ? fileURLToPath(address) : address
    if (!file.startsWith(HARNESS_FOLDER + sep)) return `${file}:${line}`
  }
  return undefined
}
