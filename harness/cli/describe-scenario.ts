import type { ComparisonDefaults, ParameterSpec, Scenario } from '../contract/scenario.ts'
import { DEFAULT_ARMS } from '../experiment/parse-arms.ts'
import { describeParameter } from '../experiment/parse-parameters.ts'
import { paintFor, type TerminalOptions, textColumns } from '../render/terminal-options.ts'
import type { Paint } from '../render/terminal-table.ts'
import { indented, wrap } from '../render/terminal-text.ts'

/**
 * Everything that a scenario declares, for people: question, claim, prediction, parameters, comparison, sweeps.
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
    const { winner, because } = prediction
    const who = winner === 'none' ? 'no winner' : `${winner} wins`
    lines.push('', paint('dim', 'Prediction'), indented(`${who}: ${because}`, columns))
  }
  lines.push('', paint('dim', 'Parameters, set by --param name=value'))
  lines.push(...parameterLines(Object.entries(params), columns, paint))
  lines.push('', paint('dim', 'Compared, unless you say otherwise'))
  lines.push(indented(comparisonText(scenario.defaults ?? {}), columns))
  const commands = commandsOf(spelling, scenario)
  lines.push('', paint('dim', 'Commands'), ...commands.map((command) => `  ${command}`))
  return lines.join('\n')
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
  const { arms = DEFAULT_ARMS, loads, metric = 'p99', cores = 0, virtualCores } = defaults
  const where =
    virtualCores === undefined
      ? `${cores === 0 ? 'all processors' : counted(cores, 'processor')} of the run`
      : counted(virtualCores, 'virtual core')
  return `${arms} on ${where}, at ${loads === undefined ? 'the profile’s loads' : `loads ${loads}`}, judged by ${metric}`
}

function commandsOf(spelling: string, { sweeps = [] }: Scenario): string[] {
  return [
    `crossover run ${spelling}`,
    ...sweeps.map((sweep) => `crossover sweep ${spelling} --over ${sweep}`),
  ]
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
