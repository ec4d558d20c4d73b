import type { Command } from 'commander'
import { METRIC_NAMES } from '../experiment/parse-metric.ts'
import { MOST_PAIRS } from '../experiment/parse-pairs.ts'
import { runSweep } from '../experiment/sweep.ts'
import { buildSweep } from './build-sweep.ts'
import { executeSweep } from './execute-sweep.ts'
import { seconds, wholeNumber } from './quantities.ts'
import type { SweepFlags } from './sweep-flags.ts'

const MOST_STEPS = 100

const NOTES = `
Every round visits all values once, in an order drawn at random, with both arms on one trace at each: a machine that
drifts makes no slope, and what ends early has fewer pairs everywhere. A share of capacity refers to the smallest
capacity of either arm at both ends of the range and the default: all values are offered the same. When cores vary, so
much is offered per core, and capacity is measured at every value.

Exit codes: 0 done; 2 wrong usage; 3 interrupted or not completed: what was measured is kept.

Examples:
  crossover sweep kv-update --over load=10%..95%
  crossover sweep stage-handoff --over stages=1..8 --load 2000/s
  crossover sweep kv-update --over cores=1..2
  crossover sweep kv-update --over updatePercent=0..100 --steps 5 --throughput --json`

/** `crossover sweep`: latency and throughput as functions of one parameter. `args` is the command line. */
export function addSweepCommand(program: Command, args: readonly string[]): void {
  program
    .command('sweep')
    .description('compare two arms over a range of one parameter, of the load, or of cores')
    .argument('<scenario>', 'a name that `crossover list` prints, or the path of a scenario file')
    .option(
      '--over <range>',
      'what varies: theta=0..1.2, load=10%..95%, load=1k/s..200k/s, cores=1..2 (default: the scenario’s first)',
    )
    .option(
      '--steps <count>',
      'values, both ends included (default: 7; integers: all, up to 8)',
      wholeNumber('--steps', { minimum: 2, maximum: MOST_STEPS }),
    )
    .option(
      '--load <load>',
      'offered at every value: 50% of the smallest capacity, 200000/s (default: 50%)',
    )
    .option(
      '--pairs <count>',
      'pairs at each value; an interval of 95% needs 6, of 99% 8 (default: 6)',
      wholeNumber('--pairs', { minimum: 1, maximum: MOST_PAIRS }),
    )
    .option(
      '--duration <time>',
      'steady state of one trial (default: 500ms)',
      seconds('--duration', { minimum: 0.1, maximum: 600 }),
    )
    .option(
      '--metric <name>',
      `what outcomes are about: ${METRIC_NAMES.join(', ')} (default: the scenario’s, else p99)`,
    )
    .option('--level <number>', 'confidence of the intervals: 0.95, 99%', '0.95')
    .option('--throughput', 'measure the capacity at every value, too')
    .option(
      '--arms <first,second>',
      'architecture[:option=value…] twice (default: the scenario’s, else staged,sharded)',
    )
    .option(
      '--budget <time>',
      'start no pair after this time (default: 240s, none with --steps, --pairs or --duration)',
      seconds('--budget', { minimum: 1, maximum: 86_400 }),
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
      'seed of every trace and order (default: drawn)',
      wholeNumber('--seed', { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    )
    .option('--out <folder>', 'where the sweep’s folder is made', 'reports')
    .option('--json', 'print nothing but the path and the figures, as JSON')
    .addHelpText('after', NOTES)
    .action(async (scenario: string, flags: SweepFlags) => {
      await executeSweep(await buildSweep(scenario, flags, args), flags, runSweep)
    })
}

function append(text: string, texts: readonly string[] = []): string[] {
  return [...texts, text]
}
