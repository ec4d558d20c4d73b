import type { Scenario } from '../contract/scenario.ts'
import { paintFor, type TerminalOptions, textColumns } from '../render/terminal-options.ts'
import { wrap } from '../render/terminal-text.ts'

/** In place of a claim. */
const NO_CLAIM = '–'
const CLAIM_HEADING = 'claim'
const HINT =
  '`crossover list <name>` says everything about one: claim, prediction, parameters, sweeps.'

/** The scenarios in the order of their claims, each with its question; those without a claim come last. */
export function scenarioTable(scenarios: readonly Scenario[], options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const claims = scenarios.map(({ claim = NO_CLAIM }) => claim.length)
  const claimColumns = Math.max(CLAIM_HEADING.length, ...claims) + 2
  const nameColumns = Math.max(...scenarios.map(({ name }) => name.length)) + 2
  const indent = claimColumns + nameColumns
  const rows = scenarios.toSorted(byClaim).map(({ claim = NO_CLAIM, name, question }) => {
    const head =
      claim.padEnd(claimColumns) + paint('bold', name) + ' '.repeat(nameColumns - name.length)
    return head + wrap(question, columns, indent)
  })
  const heading = `${'claim'.padEnd(claimColumns)}${'scenario'.padEnd(nameColumns)}question`
  return [paint('dim', heading), ...rows, '', wrap(HINT, columns, 0)].join('\n')
}

function byClaim(first: Scenario, second: Scenario): number {
  // `~` is behind every letter in ASCII.
  const key = ({ claim = '~', name }: Scenario): string => `${claim} ${name}`
  return key(first) < key(second) ? -1 : 1
}
