import { KIND_NAMES, KINDS } from '../../results/kinds.ts'
import type { IndexRow, ReadRow } from './rows.ts'

/** The whole index in a sentence: `36 runs of 21 scenarios, 2 catalogues; the newest began 2026-… UTC: kv-update.` */
export function indexSentence(rows: readonly IndexRow[]): string {
  const read = rows.filter((row) => row.state === 'read')
  if (read.length === 0) return 'No run can be read.'
  const counts = KIND_NAMES.flatMap((kind) => {
    const ofKind = read.filter((row) => row.kind === kind)
    return ofKind.length === 0
      ? []
      : [kind === 'run' ? runsText(ofKind) : counted(ofKind.length, kind, KINDS[kind].plural)]
  })
  return `${counts.join(', ')}${newestText(read)}.`
}

/** `2 files cannot be read: their rows say why.`; null when all could be. */
export function unreadableSentence(rows: readonly IndexRow[]): string | null {
  const count = rows.filter(({ state }) => state === 'unreadable').length
  if (count === 0) return null
  return count === 1
    ? '1 file cannot be read: its row says why.'
    : `${count} files cannot be read: their rows say why.`
}

/** `2026-11-22 19:53:58 UTC` */
export function instantText(startedAt: string): string {
  return `${startedAt.slice(0, 10)} ${startedAt.slice(11, 19)} UTC`
}

function runsText(runs: readonly ReadRow[]): string {
  const scenarios = new Set(runs.flatMap((row) => row.scenarios))
  return `${counted(runs.length, 'run', 'runs')} of ${counted(scenarios.size, 'scenario', 'scenarios')}`
}

function newestText([newest]: readonly ReadRow[]): string {
  if (newest === undefined || newest.startedAt === null) return ''
  const [scenario] = newest.scenarios
  const what =
    newest.scenarios.length === 1 && scenario !== undefined ? scenario : `a ${newest.kind}`
  return `; the newest began ${instantText(newest.startedAt)}: ${what}`
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`
}

/** What the page's address calls the choice of a scenario. */
const ADDRESS_KEY = 'scenario'

/** The id to which `#scenario=<name>` leads, also where no script runs. */
export function scenarioAnchor(scenario: string): string {
  // Half of a surrogate pair, in a file that somebody edited, has no encoding.
  return `${ADDRESS_KEY}=${encodeURIComponent(scenario.toWellFormed())}`
}

/** The value of `data-scenarios`: a list, since a name may hold any character. */
export function scenariosAttribute(scenarios: readonly string[]): string {
  return JSON.stringify(scenarios)
}
