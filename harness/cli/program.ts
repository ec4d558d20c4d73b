import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, type Option } from 'commander'
import { usageError } from '../base/errors.ts'
import { addCheckCommand } from './check.ts'
import { addCompareCommand } from './compare.ts'
import { addExplainCommand } from './explain.ts'
import { exitCodeOf, printFailure } from './failure.ts'
import { addListCommand } from './list.ts'
import { measuringCommands } from './measuring.ts'
import { addNewCommand } from './new.ts'
import { keepStdoutForJson, watchOutput } from './output.ts'
import { addReportCommand } from './report.ts'
import { addServeCommand } from './serve.ts'

/** Runs the command that `args` asks for; the process's exit code. Prints, never throws. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const output = watchOutput()
  const giveBack = args.includes('--json') ? keepStdoutForJson() : null
  try {
    const program = await createProgram(args)
    await program.parseAsync(args, { from: 'user' })
    return await output.codeOf(0)
  } catch (error) {
    printFailure(error)
    return await output.codeOf(exitCodeOf(error))
  } finally {
    giveBack?.()
  }
}

/** The program with all its commands, not run yet: what knows whether a command line can be read. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('crossover')
    .description(
      'Runs one request workload through a staged and a sharded server and says which one wins.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .addHelpText('after', '\nExample:\n  crossover run kv-update --profile short')
    .exitOverride()
    .configureOutput({ outputError: printedElsewhere })
  for (const command of await measuringCommands()) command.add(program, args)
  addReportCommand(program)
  addCompareCommand(program)
  addListCommand(program)
  addNewCommand(program)
  addCheckCommand(program)
  addServeCommand(program)
  addExplainCommand(program)
  for (const command of program.commands) command.options.forEach(refuseEmptyValue)
  return program
}

/** An empty value, of a shell's variable that is not set, is none: it would stand for this folder, all addresses, or a default. */
function refuseEmptyValue(option: Option): void {
  if (!option.required && !option.optional) return
  const { parseArg, description } = option
  option.argParser((text: string, previous: unknown) => {
    if (text.trim() !== '') return parseArg === undefined ? text : parseArg(text, previous)
    throw usageError(
      'empty-value',
      `${option.long}: its value is empty`,
      `${option.flags}: ${description}`,
    )
  })
}

/** Commander's errors are thrown, too, and printed with their cure by `printFailure`. */
function printedElsewhere(): void {}

function packageVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
