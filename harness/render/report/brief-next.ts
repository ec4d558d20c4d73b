import type { PairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { fewestPairs } from '../../stats/verdict.ts'
import { formatSpan } from '../../words/format.ts'
import { plain } from '../terminal/text.ts'
import { roundCount, standingOf } from './brief-standing.ts'

/** Where a reader goes on. */
export interface Further {
  /** The run’s folder, as a command line names it. */
  readonly folder: string
  /** Rounds that a run can be asked for at most. */
  readonly mostRounds: number
}

interface Decision {
  readonly label: string
  readonly command: string
}

/** The commands behind a result: what would probably decide what is open, and what shows everything. */
export function nextLines(
  report: Report,
  pair: PairReport,
  { folder, mostRounds }: Further,
  columns: number,
): readonly string[] {
  const decide = decision(report, pair, mostRounds)
  const all = `npx crossover report ${quoted(folder)} --verbose`
  return [
    ...(decide === null ? [] : broken(decide.label, decide.command, columns)),
    ...broken('figures', all, columns),
  ]
}

/** A command on as many lines as it takes, such that a shell takes it whole. */
function broken(label: string, command: string, columns: number): readonly string[] {
  const lines = [`${label}:`]
  for (const word of wordsOf(plain(command))) {
    const longer = `${lines.at(-1)} ${word}`
    // Behind a line that goes on stand a blank and a stroke.
    if (longer.length <= columns - 2) lines[lines.length - 1] = longer
    else lines.push(`  ${word}`)
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line} \\`))
}

/** Words of a shell's line as they stand there, quotes and all. */
function wordsOf(command: string): readonly string[] {
  return command.match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? []
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

/** Flags whose value the next run has of its own, or that belong to this one alone. */
const REPLACED = ['--seed', '--pairs', '--loads', '--until-precise', '--budget']
const SMOKE = /^--profile(=| )?smoke$/

/** Null where nothing is open, or where more rounds would not help. */
function decision(report: Report, pair: PairReport, mostRounds: number): Decision | null {
  if (report.objective !== null || pair.loads.length === 0) return null
  const standings = pair.loads.map((load) => ({ load, ...standingOf(pair, load) }))
  if (standings.some(({ kind }) => kind === 'noisy'))
    return { label: 'decide (while no other program runs)', command: repeated(report, []) }
  const open = standings.filter(({ kind }) => kind === 'undecided' || kind === 'unjudged')
  if (open.length === 0) return null
  if (roundCount(pair) < fewestPairs(report.run.level))
    return { label: 'decide', command: repeated(report, []) }
  const needed = open.map(({ load }) => load.verdict?.pairsToDecide ?? Infinity)
  const affordable = open.filter((_, index) => needed[index]! <= mostRounds)
  if (affordable.length === 0) {
    const isKnown = needed.some(Number.isFinite)
    return {
      label: 'decide',
      command: isKnown
        ? 'takes more rounds than a run can have; try a longer --duration'
        : 'no affordable number of rounds would',
    }
  }
  const pairs = Math.max(...needed.filter((count) => count <= mostRounds))
  const labels = affordable.map(({ load }) => load.label)
  const command = repeated(report, ['--loads', labels.join(','), '--pairs', String(pairs)])
  const seconds = secondsOf(report, roundCount(pair), pairs, labels.length)
  return { label: `decide (about ${formatSpan(seconds)})`, command }
}

/** The same run without what the new one has of its own. */
function repeated({ run }: Report, more: readonly string[]): string {
  const words = wordsOf(run.command)
  const kept = words.filter((word, index) => {
    const [flag = ''] = word.split('=')
    const before = words[index - 1] ?? ''
    if (REPLACED.includes(flag) || REPLACED.includes(before) || word === '--json') return false
    const isProfile = SMOKE.test(word) || SMOKE.test(`${before} ${word}`)
    return !isProfile && !(word === '--profile' && words[index + 1] === 'smoke')
  })
  const whole = kept[0] === 'npx' ? kept : ['npx', ...kept]
  return [...whole, ...more].join(' ')
}

/** By what a round of this run took: its servers' start, warm-up and search of capacity stay, its trials are of fewer loads. */
function secondsOf(
  { rounds, loads, run }: Report,
  measured: number,
  pairs: number,
  loadCount: number,
): number {
  const whole = rounds.flatMap(({ seconds }) => seconds ?? [])
  if (whole.length === 0) return (run.elapsedSeconds / Math.max(1, measured)) * pairs
  const deployed = rounds.flatMap(({ deployments }) => {
    const figures = Object.values(deployments)
    return figures.reduce(
      (sum, { startSeconds, warmUpSeconds, capacitySeconds }) =>
        sum + startSeconds + warmUpSeconds + capacitySeconds,
      0,
    )
  })
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const fixed = Math.min(mean(whole), mean(deployed))
  return pairs * (fixed + ((mean(whole) - fixed) * loadCount) / loads.length)
}
