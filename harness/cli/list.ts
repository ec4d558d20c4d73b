import { counted } from '../words/format.ts'
import type { Command } from 'commander'
import type { Criterion, CriterionFigure } from '../contract/claim.ts'
import { limitText } from '../words/claims.ts'
import { DEFAULT_ARMS } from '../asked/arms.ts'
import { describeParameter, parseParameters } from '../asked/parameters.ts'
import type { LoadedScenario } from '../asked/requests.ts'
import type { ComparisonDefaults, ParameterSpec, Scenario } from '../contract/scenario.ts'
import {
  indented,
  type Paint,
  paintFor,
  type TerminalOptions,
  textColumns,
  wrap,
} from '../render/terminal/text.ts'
import { predictedWinner } from '../render/report/notices.ts'
import { listScenarios, loadScenario } from '../scenario/load.ts'
import { printJson, stdoutOptions } from './output.ts'

/**
 * Everything that a scenario declares, for people: question, claim, prediction, parameters, comparison, classes, sweeps.
 * @param spelling how commands name it: a path where it was given by one.
 */
export function describeScenario(
  scenario: Scenario,
  options: TerminalOptions,
  spelling: string = scenario.name,
): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const { name, question, claim, prediction, params } = scenario
  const head = paint('bold', name) + (claim === undefined ? '' : `, claim ${claim}`)
  const lines = [head, indented(question, columns)]
  if (prediction !== undefined) {
    const text = `${predictedWinner(prediction)}: ${prediction.because}`
    lines.push('', paint('dim', 'Prediction'), indented(text, columns))
  }
  lines.push(...criterionLines(scenario, columns, paint))
  lines.push('', paint('dim', 'Parameters, set by --param name=value'))
  lines.push(...parameterLines(Object.entries(params), columns, paint))
  lines.push('', paint('dim', 'Compared, unless you say otherwise'))
  lines.push(indented(comparisonText(scenario.defaults ?? {}), columns))
  const names = classNamesOf(scenario)
  if (names.length > 0) {
    lines.push('', paint('dim', 'Classes of requests, for --class name'))
    lines.push(indented(names.join(', '), columns))
  }
  const commands = commandsOf(spelling, scenario)
  lines.push('', paint('dim', 'Commands'), ...commands.map((command) => `  ${command}`))
  return lines.join('\n')
}

/** With parameters at their defaults. */
function classNamesOf(scenario: Scenario): readonly string[] {
  const params = parseParameters(scenario.params, {}, `scenario ${scenario.name}`)
  return scenario.workload(params).classes?.names ?? []
}

function criterionLines(
  { criteria = [] }: Scenario,
  columns: number,
  paint: Paint,
): readonly string[] {
  if (criteria.length === 0) return []
  const lines = criteria.flatMap((criterion) => [
    `  ${paint('bold', criterion.id)}: ${wrap(criterion.claim, columns, criterion.id.length + 4)}`,
    ...criterionTexts(criterion).map((text) => `      ${wrap(text, columns, 6)}`),
  ])
  return ['', paint('dim', 'Claims, tested by crossover claims'), ...lines]
}

/** What decides about it. */
function criterionTexts(criterion: Criterion): readonly string[] {
  if ('untestable' in criterion) return [`not testable: ${criterion.untestable}`]
  const figures: readonly Omit<CriterionFigure, 'of'>[] = criterion.figures
  const texts = figures.flatMap(({ name, unit, confirmed, refuted }) => {
    const limits = [
      ...(confirmed === undefined ? [] : [`${limitText(confirmed, unit)} confirms`]),
      ...(refuted === undefined ? [] : [`${limitText(refuted, unit)} refutes`]),
    ]
    return limits.length === 0 ? [] : [`${name}: ${limits.join(', ')}`]
  })
  const rounds = 'rounds' in criterion ? criterion.rounds : undefined
  return [...texts, ...(rounds === undefined ? [] : [`in ${rounds} rounds`])]
}

function parameterLines(
  entries: readonly (readonly [string, ParameterSpec])[],
  columns: number,
  paint: Paint,
): string[] {
  if (entries.length === 0) return ['  none']
  return entries.flatMap(([name, spec]) => [
    `  ${paint('bold', name)}: ${wrap(describeParameter(spec), columns, name.length + 4)}`,
    `      ${wrap(spec.description, columns, 6)}`,
  ])
}

function comparisonText(defaults: ComparisonDefaults): string {
  const { arms = DEFAULT_ARMS, loads, metric = 'p99', within, cores = 0, virtualCores } = defaults
  const where =
    virtualCores === undefined
      ? `${cores === 0 ? 'all processors' : counted(cores, 'processor')} of the run`
      : counted(virtualCores, 'virtual core')
  return `${arms} on ${where}, at ${loads === undefined ? 'the profile’s loads' : `loads ${loads}`}, judged by ${metric}${within === undefined ? '' : `, answers useful within ${within}`}`
}

function commandsOf(spelling: string, { sweeps = [], criteria = [] }: Scenario): string[] {
  return [
    `crossover run ${spelling}`,
    ...(criteria.length === 0 ? [] : [`crossover claims ${spelling}`]),
    ...sweeps.map((sweep) => `crossover sweep ${spelling} --over ${sweep}`),
  ]
}

/** What `list --json` prints: an array with everything that the scenarios declare; null where one says nothing. */
export function scenarioJson(loaded: readonly LoadedScenario[]): string {
  const entries = loaded.map(({ url, scenario }) => {
    const { name, question, claim = null, theme = null, prediction = null, params } = scenario
    const { defaults = null, sweeps = [], criteria = [] } = scenario
    const classes = classNamesOf(scenario)
    const compared = { defaults, classes, sweeps, criteria }
    return { name, question, claim, theme, prediction, params, ...compared, url }
  })
  return JSON.stringify(entries, undefined, 2)
}

/** In place of a claim. */
const NO_CLAIM = '–'
const CLAIM_HEADING = 'claim'
const HINT =
  '`crossover list <name>` says everything about a scenario: claims, prediction, parameters, sweeps; `crossover claims <claim>` tests a claim.'

/** The scenarios in the order of their claims, each with its question; those without a claim come last. */
export function scenarioTable(scenarios: readonly Scenario[], options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const claims = scenarios.map((scenario) => claimsOf(scenario).length)
  const claimColumns = Math.max(CLAIM_HEADING.length, ...claims) + 2
  const nameColumns = Math.max(...scenarios.map(({ name }) => name.length)) + 2
  const indent = claimColumns + nameColumns
  const rows = scenarios.toSorted(byClaim).map((scenario) => {
    const { name, question } = scenario
    const head =
      (claimsOf(scenario) || NO_CLAIM).padEnd(claimColumns) +
      paint('bold', name) +
      ' '.repeat(nameColumns - name.length)
    return head + wrap(question, columns, indent)
  })
  const heading = `${'claim'.padEnd(claimColumns)}${'scenario'.padEnd(nameColumns)}question`
  return [paint('dim', heading), ...rows, '', wrap(HINT, columns, 0)].join('\n')
}

function byClaim(first: Scenario, second: Scenario): number {
  // `~` is behind every letter in ASCII.
  const key = (scenario: Scenario): string => `${claimsOf(scenario) || '~'} ${scenario.name}`
  return key(first) < key(second) ? -1 : 1
}

/** What it is about and what `crossover claims` tests with it: `C02, C04`; C21 for C21-staged. Empty for none. */
function claimsOf({ claim, criteria = [] }: Scenario): string {
  const tested = criteria.map(({ id }) => id.replace(/-.*/, ''))
  return [...new Set([...(claim?.split(', ') ?? []), ...tested])].toSorted().join(', ')
}

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
  if (isJson) printJson(scenarioJson(good.map(({ loaded }) => loaded)))
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
