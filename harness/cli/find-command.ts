import type { Command } from 'commander'
import { runFind } from '../experiment/find.ts'
import { METRIC_NAMES } from '../experiment/parse-metric.ts'
import { buildFind } from './build-find.ts'
import { executeFind } from './execute-find.ts'
import type { FindFlags } from './find-flags.ts'
import { seconds, wholeNumber } from './quantities.ts'

const MOST_PAIRS = 1_000

const NOTES = `
Two pairs at each of five values first, then rounds of five pairs where they tell most about where the ratio passes 1:
beside the crossing, at values between, and some at the ends. The crossing is that of a monotone fit through the values’
medians; its interval comes from resamples of the pairs. It is reported only when the resamples agree that there is one;
where the ratio goes up and down again, search one part of the range. A share of capacity refers to the smallest capacity
of either arm at both ends of the range and the default: all values are offered the same.

Exit codes: 0 done, whatever it found; 2 wrong usage; 3 interrupted or not completed: what was measured is kept.

Examples:
  crossover find hot-key --over theta
  crossover find queue-discipline --over load=10%..90% --virtual-cores 8
  crossover find kv-update --over load=5%..95% --metric p50 --until 5% --budget 600s
  crossover find kv-update --over keys=100..100000 --metric throughput --pairs 60 --json`

/** `crossover find`: the value of one parameter at which the winner changes. `args` is the command line. */
export function addFindCommand(program: Command, args: readonly string[]): void {
  program
    .command('find')
    .description(
      'find where the winner changes over a range of one parameter, of the load, or of cores',
    )
    .argument('<scenario>', 'a name that `crossover list` prints, or the path of a scenario file')
    .option(
      '--over <range>',
      'what varies: theta (its whole range), theta=0..1.2, load=10%..95%, cores=1..2 (default: the scenario’s first sweep)',
    )
    .option(
      '--load <load>',
      'offered at every value: 50% of the smallest capacity, 200000/s (default: 50%)',
    )
    .option(
      '--metric <name>',
      `what crosses: ${METRIC_NAMES.join(', ')}; throughput is that of a closed window (default: the scenario’s, else p99)`,
    )
    .option(
      '--until <share>',
      'of the range: an interval no wider than this ends the search',
      '10%',
    )
    .option(
      '--pairs <count>',
      'pairs in all, at most (default: as many as the budget has room for)',
      wholeNumber('--pairs', { minimum: 1, maximum: MOST_PAIRS }),
    )
    .option(
      '--budget <time>',
      'start no pair after this time (default: 240s, none with --pairs)',
      seconds('--budget', { minimum: 1, maximum: 86_400 }),
    )
    .option(
      '--duration <time>',
      'steady state of one trial (default: 500ms)',
      seconds('--duration', { minimum: 0.1, maximum: 600 }),
    )
    .option('--level <number>', 'confidence of the interval and of the answer: 0.95, 99%', '0.95')
    .option(
      '--arms <first,second>',
      'architecture[:option=value…] twice (default: the scenario’s, else staged,sharded)',
    )
    .option('--param <name=value>', 'a parameter of the scenario; may be repeated', append)
    .option('--cpus <list>', 'processors to use: 0-1 or 0,2 (default: all this process may use)')
    .option(
      '--virtual-cores <count>',
      'threads in place of processors, for a scenario whose service is a wait; when cores vary, the most of them',
      wholeNumber('--virtual-cores', { minimum: 1, maximum: 64 }),
    )
    .option(
      '--seed <number>',
      'seed of every trace, order and resample (default: drawn)',
      wholeNumber('--seed', { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    )
    .option('--out <folder>', 'where the search’s folder is made', 'reports')
    .option('--json', 'print nothing but the path and the figures, as JSON')
    .addHelpText('after', NOTES)
    .action(async (scenario: string, flags: FindFlags) => {
      await executeFind(await buildFind(scenario, flags, args), flags, runFind)
    })
}

function append(text: string, texts: readonly string[] = []): string[] {
  return [...texts, text]
}
