import type { Command } from 'commander'
import type { CompareFlags } from './compare-flags.ts'
import { executeCompare } from './execute-compare.ts'
import { failIfOption, jsonOption, levelOption } from './options.ts'

const NOTES = `
Old and new are reports of runs, their folders, or folders of several runs as run --all makes them. Scenarios (with their
parameters), loads and arms are matched by name, loads also by what they offer. Reports of earlier versions are read.

Ratios are new ÷ old: below 1, latency fell. Old and new runs are independent samples, a number per trial: the estimate is
Hodges and Lehmann’s, the interval exact by ranks (Mann–Whitney). Four trials of each reach 95%, six are the default.

A machine drifts between two runs. So an arm is judged by its ratio to the other arm of its own run, where a drift of both
has gone, and a difference is put down to the arm whose own figures moved further. What slows both alike, such as code that
both use, is shown and not judged. --control staged: staged is known to be unchanged, every difference is sharded’s.
--control none: each arm by itself, on a machine that does not drift; this finds what slows both.

Limits: --fail-if "p99 > 10%" is exceeded when p99 surely grew by more than 10 %: the whole interval lies beyond it. Metrics:
p50, p90, p99, p99.9, max, throughput, cpu; an arm before it is optional. Loads more than 2 % apart are shown and not judged,
more than 10 % apart refused: crossover run --baseline offers what the old run offered.

Exit codes: 0 compared; 1 a limit is surely exceeded; 2 wrong usage, reports that must not be compared, or a limit that could
be judged nowhere.

Examples:
  crossover compare reports/2026-01-31T12-00-00Z-kv-update reports/2026-02-01T12-00-00Z-kv-update
  crossover compare old new --fail-if "p99 > 10%" --fail-if "throughput < -5%"
  crossover compare old new --control staged --fail-if "sharded p99 > 10%" --format markdown`

/** `crossover compare`: what changed from one run to another. */
export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('say whether a change made an architecture faster: two runs, before and after')
    .argument('<old>', 'report.json, the folder of a run, or a folder of several')
    .argument('<new>', 'likewise')
    .addOption(failIfOption('exit with 1 when this is surely so; may be repeated'))
    .option(
      '--control <arm>',
      'what arms are judged against: other, none, or the unchanged arm',
      'other',
    )
    .addOption(levelOption('intervals and verdicts'))
    .option('--format <name>', 'terminal, markdown', 'terminal')
    .addOption(jsonOption('the comparison'))
    .addHelpText('after', NOTES)
    .action((before: string, after: string, flags: CompareFlags) =>
      executeCompare(before, after, flags),
    )
}
