import type { Command } from 'commander'
import { listScenarios, loadScenario } from '../experiment/load-scenario.ts'
import type { LoadedScenario } from '../experiment/run-request.ts'
import type { TerminalOptions } from '../render/terminal-options.ts'
import { describeScenario } from './describe-scenario.ts'
import { scenarioJson } from './scenario-json.ts'
import { scenarioTable } from './scenario-table.ts'
import { stdoutOptions } from './streams.ts'

/** Off a terminal: what any editor and any mail shows without breaking lines. */
const COLUMNS_OFF_TERMINAL = 80

const NOTES = `
Without a name it is a table of all; with names it is everything about each.

Examples:
  crossover list
  crossover list lock-contention
  crossover list ./my-scenario.ts
  crossover list --json`

/** `crossover list`: the scenarios that come with the package, or those that are named. */
export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('list the scenarios: questions, claims, predictions, parameters')
    .argument('[scenario...]', 'names or paths; then everything about each')
    .option('--json', 'print everything about them as JSON')
    .addHelpText('after', NOTES)
    .action(async (names: readonly string[], flags: { json?: true }) => {
      await executeList(names, flags.json === true)
    })
}

/** A scenario, and how the user named it. */
interface Listed {
  readonly spelling: string
  readonly loaded: LoadedScenario
}

/** Prints all that can be loaded. @throws what the first of the others failed with. */
async function executeList(names: readonly string[], isJson: boolean): Promise<void> {
  const asked = names.length > 0 ? names : listScenarios()
  const results = await Promise.allSettled(
    asked.map(async (spelling) => ({ spelling, loaded: await loadScenario(spelling, {}) })),
  )
  const good = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  if (isJson) console.log(scenarioJson(good.map(({ loaded }) => loaded)))
  else if (good.length > 0) console.log(names.length > 0 ? inFull(good) : inShort(good))
  const bad = results.find((result) => result.status === 'rejected')
  if (bad !== undefined) throw bad.reason
}

function inShort(listed: readonly Listed[]): string {
  return scenarioTable(
    listed.map(({ loaded }) => loaded.scenario),
    textOptions(),
  )
}

function inFull(listed: readonly Listed[]): string {
  const texts = listed.map(({ spelling, loaded }) =>
    describeScenario(loaded.scenario, textOptions(), spelling),
  )
  return texts.join('\n\n')
}

function textOptions(): TerminalOptions {
  return process.stdout.isTTY ? stdoutOptions() : { color: false, columns: COLUMNS_OFF_TERMINAL }
}
