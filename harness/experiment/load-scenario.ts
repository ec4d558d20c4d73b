import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, extname, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { usageError } from '../base/errors.ts'
import { checkPrepared, checkScenario } from './check-scenario.ts'
import { namesCure } from './nearest-name.ts'
import { parseParameters } from './parse-parameters.ts'
import type { Assignments } from './parse-parameters.ts'
import { registerCrossoverName } from './resolve-crossover.ts'
import type { LoadedScenario } from './run-request.ts'

const SCENARIOS_FOLDER = resolve(import.meta.dirname, '../../scenarios')

const HARNESS_FOLDER = resolve(import.meta.dirname, '..')

/** `file:///a/b.ts:3` or `/a/b.ts:3`. */
const STACK_PLACE = /((?:file:\/\/)?\/[^\n:()]*\.[cm]?[jt]s):(\d+)/g

const MODULE_EXTENSIONS = ['.ts', '.mts', '.js', '.mjs']

/** Names of the scenarios that come with the package, in alphabetical order. */
export function listScenarios(): string[] {
  return readdirSync(SCENARIOS_FOLDER)
    .filter((file) => extname(file) === '.ts')
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
  const scenario = checkScenario(await importDefault(url, path), path)
  const fileName = basename(path, extname(path))
  if (scenario.name !== fileName) {
    throw usageError(
      'scenario',
      `${path}: name is not the file’s: name=${scenario.name}`,
      `write name: '${fileName}', or rename the file`,
    )
  }
  const where = `scenario ${scenario.name}`
  const params = parseParameters(scenario.params, assignments, where)
  checkPrepared(scenario, params, where)
  return { url, scenario, params }
}

function locate(nameOrPath: string): string {
  if (nameOrPath.includes('/') || MODULE_EXTENSIONS.includes(extname(nameOrPath))) {
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
  const cure = namesCure(nameOrPath, names, 'scenarios')
  throw usageError(
    'unknown-scenario',
    `no scenario has this name: ${nameOrPath}`,
    `${cure}; a file of your own is given by its path, ./${nameOrPath}.ts`,
  )
}

async function importDefault(url: string, path: string): Promise<unknown> {
  registerCrossoverName()
  const module = await import(url).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause)
    const place = placeOf(cause) ?? path
    throw usageError(
      'scenario-import',
      `${place}: cannot be imported: ${message.split('\n')[0]}`,
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

/** The first `file:line` of an error's stack that is not in the harness or in node. */
function placeOf(thrown: unknown): string | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  for (const [, address = '', line] of stack.matchAll(STACK_PLACE)) {
    const file = address.startsWith('file:') ? fileURLToPath(address) : address
    if (!file.startsWith(HARNESS_FOLDER + sep)) return `${file}:${line}`
  }
  return undefined
}
