import { type Command, Option } from 'commander'
import { ARM_OPTIONS, DEFAULT_ARMS } from '../asked/arms.ts'
import { PROFILES } from '../asked/profiles.ts'
import { usageError } from '../base/errors.ts'
import { isNamesake, listScenarios } from '../scenario/load.ts'
import { executeAll } from './catalogue.ts'
import { executeRun } from './execute-run.ts'
import {
  budgetOption,
  changedOption,
  cpusOption,
  describeSpecs,
  durationOption,
  failIfOption,
  jsonOption,
  levelOption,
  classOption,
  metricOption,
  outOption,
  pairsOption,
  paramOption,
  seedOption,
  undecidedOption,
  verboseOption,
  virtualCoresOption,
  waitQuietOption,
  wholeNumber,
  withinOption,
} from './options.ts'
import type { RunFlags } from './run-flags.ts'
import { buildRequest } from './run-request.ts'
import type { MeasuringCommand } from './measuring.ts'

const EXAMPLES = `
Examples:
  crossover run
  crossover run kv-update --param updatePercent=5 --loads 20%,50%,max
  crossover run --arms staged:layout=classic,staged:layout=fused --pairs 12 --duration 2s
  crossover run --arms staged,sharded,sharded:routing=shard-aware --against sharded
  crossover run --metric p99.9 --level 0.99 --pairs 12
  crossover run --loads 50% --until-precise 10%
  crossover run kv-update --slo p99=1ms
  crossover run queue-discipline --virtual-cores 8
  crossover run kv-update --transport http --connections 128
  crossover run ./my-scenario.ts --cpus 0-1 --seed 7 --json
  crossover run kv-update --trace log.csv --loads log,50%
  crossover run low-load hot-key ./my-scenario.ts
  crossover run --all --profile short
  crossover run kv-update --baseline reports/2026-01-31T12-00-00Z-kv-update --fail-if "p99 > 10%"

Where flags do not say, the scenario’s own defaults decide arms, loads, metric and cores. Several scenarios are runs one
after the other, with an index of their reports; --budget is for each of them.

Exit codes: 0 done, every limit of --fail-if passed; 1 a limit is surely exceeded; 2 wrong usage, or all that failed of several were
mistakes in scenario files; 3 a run could not be completed, was interrupted, had nothing but noise in its first round, or an answer was
wrong: what was measured is kept; 4 nobody can tell whether a limit is kept (--undecided pass takes that for 0).`

const DEFAULT_SCENARIO = 'kv-update'

/** `crossover run`: the one command that measures. `args` is the command line that the report repeats. */
function addRunCommand(program: Command, args: readonly string[]): void {
  const profiles = PROFILES.map(({ name, description }) => `${name} (${description})`)
  program
    .command('run')
    .description('compare arms on a scenario and write a report')
    .argument(
      '[scenario...]',
      'names that `crossover list` prints, or paths of scenario files (default: kv-update)',
    )
    .option('--all', 'all scenarios that come with crossover')
    .option(
      '--arms <list>',
      `two to four of architecture[:option=value…], each compared with the first, or one sharded arm behind staged ones with each of them (default: ${DEFAULT_ARMS})`,
    )
    .option(
      '--against <arm>',
      'compare all other arms with this one: its label as written, or its place, 1 to 4',
    )
    .option(
      '--loads <list>',
      'offered loads: shares of the smallest capacity, requests per second, max: 20%,1.5k/s,max; 80%-of-each: each arm its own share; 80%-of-busiest: so much of what a shard sustains with even keys for the busiest one',
    )
    .option(
      '--trace <file>',
      'play a log of your own requests, a CSV file: instant,operation,key,bytes',
    )
    .option(
      '--trace-format <name>',
      'how the log is written: csv, json (an object per line), common, combined (nginx, Apache)',
    )
    .option(
      '--columns <list>',
      'what the log calls its columns: instant=timestamp,operation=method,key=path,bytes=size',
    )
    .option(
      '--trace-spread',
      'spread requests of one instant evenly up to the next: for clocks of whole seconds',
    )
    .option(
      '--slo <percentile>=<time>',
      'instead of --loads: search the highest load that keeps this latency, with two arms: p99=1ms, p99.9=500us',
    )
    .addOption(metricOption('what verdicts are about'))
    .addOption(
      withinOption(', or 10x: ten times the largest p99 of any arm at the first of --loads'),
    )
    .addOption(classOption('verdicts on latencies'))
    .addOption(levelOption('intervals and verdicts'))
    .addOption(
      pairsOption(
        '--pairs',
        'rounds: in each every arm is started and warmed anew and gives a trial at every load, hence a pair of any two; an interval of 95% needs 6 pairs, of 99% 8',
      ),
    )
    .option(
      '--until-precise <share>',
      'instead of --pairs: add rounds, 8 to 64, until the interval reaches at most so far: 10%, 0.1',
    )
    .addOption(durationOption())
    .addOption(budgetOption('start no trial after this time'))
    .addOption(cpusOption())
    .addOption(waitQuietOption())
    .addOption(virtualCoresOption())
    .option(
      '--transport <name>',
      'how requests reach the servers: replay (a trace in shared memory), http (real sockets and a client)',
      'replay',
    )
    .option(
      '--connections <count>',
      'http: connections in all (default: the scenario’s, else 64)',
      wholeNumber('--connections', { minimum: 1, maximum: 4_096 }),
    )
    .option(
      '--pipelining <count>',
      'http: requests in flight per connection (default: the scenario’s, else 1)',
      wholeNumber('--pipelining', { minimum: 1, maximum: 64 }),
    )
    .option(
      '--tcp-port <number>',
      'http: TCP port of a server’s first port; the others follow (default: free ones)',
      wholeNumber('--tcp-port', { minimum: 1, maximum: 65_535 }),
    )
    .addOption(seedOption('every trace'))
    .option('--profile <name>', `how much to measure: ${profiles.join(', ')}`, 'default')
    .addOption(paramOption())
    .option('--idle <strategy>', 'idle strategy of all arms: poll, spin-park, park')
    .option('--permits <count>', 'requests in flight per port, all arms')
    .option('--staged-layout <layout>', 'layout of staged arms: classic, fused')
    .addOption(
      new Option(
        '--staged-inline [when]',
        'whether staged arms run the next stage inline: auto, on, off',
      ).preset('on'),
    )
    .option('--no-reference', 'leave the fused layout out of the default arms')
    .option(
      '--baseline <report>',
      'compare with this report at the end; its loads, arms and duration are taken, unless given; parameters are those of now',
    )
    .addOption(changedOption('the comparison with --baseline'))
    .addOption(failIfOption('with --baseline: exit with 1 when this is surely so: "p99 > 10%"'))
    .addOption(undecidedOption())
    .option('--control <arm>', 'with --baseline: see crossover compare --help')
    .addOption(outOption('where the report’s folder is made'))
    .addOption(verboseOption())
    .addOption(jsonOption('the report’s path and summary'))
    .addHelpText('after', () => armOptions() + EXAMPLES)
    .action(async (names: readonly string[], flags: RunFlags) => {
      const asked = scenariosOf(names, flags)
      noteNamesakes(asked)
      const [only, ...others] = asked
      if (flags.all || others.length > 0) await executeAll(asked, flags, args)
      else await executeRun(await buildRequest(only!, flags, args), flags)
    })
}

function scenariosOf(names: readonly string[], flags: RunFlags): readonly string[] {
  if (!flags.all) return names.length === 0 ? [DEFAULT_SCENARIO] : names
  if (names.length > 0) {
    throw usageError(
      'conflict',
      `--all and ${names.join(' ')} exclude each other`,
      'leave out one: --all runs every scenario, names run these',
    )
  }
  return listScenarios()
}

/** A file of the user's may have the name of one of ours: then the reader must know which one ran. */
function noteNamesakes(asked: readonly string[]): void {
  for (const name of asked.filter(isNamesake)) {
    console.error(
      `note: ${name} has the name of a scenario that comes with crossover; the file is what runs`,
    )
  }
}

function armOptions(): string {
  return Object.entries(ARM_OPTIONS)
    .map(
      ([architecture, specs]) =>
        `\nOptions of ${architecture} arms:\n${describeSpecs(specs, '  ')}\n`,
    )
    .join('')
}

/** What `measuring.ts` finds. @public it is loaded by name */
export const command: MeasuringCommand = { add: addRunCommand, view: null }
