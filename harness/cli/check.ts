import type { Command } from 'commander'
import { parseArms } from '../asked/arms.ts'
import { availableCpus } from '../asked/cpus.ts'
import { checkCriteria } from '../scenario/criteria.ts'
import { loadScenario, whereOf } from '../scenario/load.ts'
import { checkRules } from '../scenario/rules.ts'
import { createTrialContext } from '../trial/context.ts'
import { tinyTrials } from '../trial/run-trial.ts'
import { watchInterruption } from './failure.ts'

/** Any will do: a check must find the same fault each time. */
const SEED = 1
const ARMS = 'staged,sharded'

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

/**
 * Whether a scenario keeps the rules and both architectures answer it rightly: the rules, then two tiny trials of each on one server,
 * about two and a half seconds. Executes the file.
 * @param tell gets a line for each thing that was found to be right.
 * @throws CrossoverError at the first fault: kind `usage` for the file's, `run` for wrong or missing answers.
 */
export async function checkFile(
  nameOrPath: string,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const line of await checkRules(nameOrPath)) tell(line)
  const loaded = await loadScenario(nameOrPath, {})
  if (loaded.scenario.criteria !== undefined) {
    checkCriteria(loaded.scenario, whereOf(nameOrPath))
    tell('criteria: cells, figures and limits')
  }
  const virtualCores = loaded.scenario.defaults?.virtualCores ?? null
  const arms = parseArms(ARMS)
  const cpus = availableCpus()
  const context = createTrialContext({ loaded, arms, cpus, virtualCores, signal })
  try {
    for (const arm of arms) {
      const [{ counts }] = await tinyTrials(context, SEED, arm)
      tell(
        `${arm.label}: ${counts.completed} requests, every answer right, and again in a second trial`,
      )
    }
  } finally {
    context.blockFile?.close()
  }
}
