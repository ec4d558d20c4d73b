import type { Command } from 'commander'
import type { Scenario } from '../contract/scenario.ts'
import { listScenarios, loadScenario } from '../experiment/load-scenario.ts'
import { describeSpecs } from './describe-specs.ts'

/** `crossover list`: the scenarios that come with the package. */
export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('list the scenarios with their questions and parameters')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  crossover list --json')
    .action(async (flags: { json?: true }) => {
      const loaded = await Promise.all(listScenarios().map((name) => loadScenario(name, {})))
      const scenarios = loaded.map(({ scenario }) => scenario)
      console.log(flags.json ? asJson(scenarios) : scenarios.map(asText).join('\n\n'))
    })
}

function asText({ name, question, params }: Scenario): string {
  return [name, `  ${question}`, describeSpecs(params, '    ')].join('\n')
}

function asJson(scenarios: readonly Scenario[]): string {
  const entries = scenarios.map(({ name, question, claim = null, prediction = null, params }) => ({
    name,
    question,
    claim,
    prediction,
    params,
  }))
  return JSON.stringify(entries, undefined, 2)
}
