import type { Command } from 'commander'
import { checkFile } from '../experiment/check.ts'
import { watchInterruption } from './failure.ts'

const NOTES = `
It looks at what a run would refuse, at the rules of scenarios/README.md that need no trial, and at the answers of two
tiny trials of each architecture in one server. The file is code and is executed.

Exit codes: 0 all is right; 2 the scenario breaks a rule; 3 an answer was wrong or missing.

Examples:
  crossover check ./my-scenario.ts
  crossover check kv-update hot-key`

/** `crossover check`: whether scenarios keep the rules and are answered rightly, in seconds. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('check scenario files: rules, and the answers of both architectures')
    .argument('<scenario...>', 'paths of scenario files, or names that `crossover list` prints')
    .addHelpText('after', NOTES)
    .action(executeCheck)
}

async function executeCheck(names: readonly string[]): Promise<void> {
  const interruption = watchInterruption({ end() {} }, '')
  try {
    for (const name of names) {
      console.log(name)
      await checkFile(name, (line) => console.log(`  ✓ ${line}`), interruption.signal)
    }
  } finally {
    interruption.stop()
  }
}
