import type { Command } from 'commander'
import { runAblation } from '../experiment/ablate.ts'
import { defaultChain } from '../experiment/ablation-chain.ts'
import { MOST_PAIRS } from '../experiment/parse-pairs.ts'
import type { AblateFlags } from './ablate-flags.ts'
import { buildAblation } from './build-ablation.ts'
import { executeAblate } from './execute-ablate.ts'
import { seconds, wholeNumber } from './quantities.ts'

const NOTES = `
Each arm is compared with its predecessor, in rounds that run all arms on one trace in an order drawn at random: p50,
p99 and CPU per request at one absolute load, throughput with a closed window. The first and the last arm are also
measured alone: what the steps multiply to must agree with it. A ratio whose interval includes 1 is undecided.

Exit codes: 0 done; 2 wrong usage; 3 interrupted or not completed: what was measured is kept.

Examples:
  crossover ablate
  crossover ablate kv-update --load 200000/s --rounds 12 --duration 1s
  crossover ablate kv-update --level 0.99 --rounds 8 --json
  crossover ablate wake-up --chain staged:idle=park,staged:idle=spin-park,staged:idle=poll
  crossover ablate --chain staged,staged:layout=fused,sharded,sharded:routing=shard-aware`

/** `crossover ablate`: from one arm to another, one mechanism at a time. `args` is the command line. */
export function addAblateCommand(program: Command, args: readonly string[]): void {
  program
    .command('ablate')
    .description(
      'take the way from staged to sharded one mechanism at a time, and say what each is worth',
    )
    .argument(
      '[scenario]',
      'a name that `crossover list` prints, or the path of a scenario file',
      'kv-update',
    )
    .option('--chain <arms>', 'arms of your own, at least two, each as behind --arms: arm,arm,…')
    .option(
      '--load <load>',
      'where latencies are compared: 50% of the smallest capacity, 200000/s',
      '50%',
    )
    .option(
      '--rounds <count>',
      'rounds of all arms; an interval of 95% needs 6, of 99% 8 (default: 6)',
      wholeNumber('--rounds', { minimum: 1, maximum: MOST_PAIRS }),
    )
    .option('--level <number>', 'confidence of the intervals: 0.95, 99%', '0.95')
    .option(
      '--duration <time>',
      'steady state of one trial (default: 400ms)',
      seconds('--duration', { minimum: 0.1, maximum: 600 }),
    )
    .option(
      '--budget <time>',
      'start no trial after this time (default: 230s, none with --chain, --rounds or --duration)',
      seconds('--budget', { minimum: 1, maximum: 86_400 }),
    )
    .option('--param <name=value>', 'a parameter of the scenario; may be repeated', append)
    .option('--cpus <list>', 'processors to use: 0-1 or 0,2 (default: all this process may use)')
    .option(
      '--seed <number>',
      'seed of every trace and order (default: drawn)',
      wholeNumber('--seed', { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    )
    .option('--out <folder>', 'where the ablation’s folder is made', 'reports')
    .option('--json', 'print nothing but the path and the figures, as JSON')
    .addHelpText('after', () => chainText() + NOTES)
    .action(async (scenario: string, flags: AblateFlags) => {
      await executeAblate(await buildAblation(scenario, flags, args), flags, runAblation)
    })
}

function chainText(): string {
  const { arms, steps } = defaultChain()
  const lines = steps.map(({ name }, step) => `  ${step + 1} ${name}`)
  return `\nThe chain, unless --chain gives another, from ${arms[0]?.label ?? ''}:\n${lines.join('\n')}\n`
}

function append(text: string, texts: readonly string[] = []): string[] {
  return [...texts, text]
}
