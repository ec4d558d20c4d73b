import type { Command } from 'commander'
import { describeParameter } from '../experiment/parse-parameters.ts'
import { executeNew } from './execute-new.ts'
import { NEW_QUESTIONS, type NewFlag } from './new-questions.ts'

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
