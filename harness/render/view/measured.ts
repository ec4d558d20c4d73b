import { type KindName, KINDS } from '../../results/kinds.ts'
import type { Standing } from '../../results/measurement.ts'
import type { Report } from '../../results/schema.ts'
import type { Entry, View } from './view.ts'
import { formatSeconds } from '../../words/format.ts'

/** What results of all measurements of one scenario have. */
interface Measured extends Standing {
  readonly run: {
    readonly startedAt: string
    readonly command: string
    readonly seed: number
    readonly elapsedSeconds: number
    readonly cpus: readonly number[]
    readonly virtualCores?: number | null
    readonly durationSeconds: number
  }
  readonly scenario: {
    readonly name: string
    readonly question: string
    readonly claim: string | null
    readonly params: Values
  }
  readonly arms: readonly { readonly label: string; readonly options?: Values }[]
  /** One of them that varies. @default none does */
  readonly over?: { readonly name: string }
  readonly markedTrials: MarkedTrials
  readonly warnings: Report['warnings']
  readonly environment: Report['environment']
}

type Values = Readonly<Record<string, string | number | boolean>>

/** Trials that failed a gate. */
interface MarkedTrials {
  readonly count: number
  readonly of: number
  readonly byGate: Readonly<Record<string, number>>
}

/** What is told alike of all of them. */
export function measuredView(
  kind: KindName,
  result: Measured,
): Pick<
  View,
  'eyebrow' | 'partial' | 'marked' | 'question' | 'warnings' | 'command' | 'environment'
> {
  const { run, scenario, over, markedTrials, warnings, environment } = result
  const where = over === undefined ? scenario.name : `${scenario.name} over ${over.name}`
  return {
    eyebrow: `crossover · ${KINDS[kind].command} ${where} · ${run.startedAt}`,
    partial: partialText(kind, result),
    marked: markedText(markedTrials),
    question: scenario.question,
    warnings,
    command: run.command,
    environment,
  }
}

/** Conditions of all of them, around those of their own kind. */
export function measuredConditions(
  { run, scenario, arms, over }: Measured,
  own: readonly Entry[],
): readonly Entry[] {
  return [
    ['seed', String(run.seed)],
    ...own,
    ['steady state of a trial', `${run.durationSeconds} s`],
    ['processors', run.cpus.join(', ')],
    ...entryIf('virtual cores', run.virtualCores ?? null),
    ['took', formatSeconds(run.elapsedSeconds, 1)],
    ...arms.flatMap(({ label, options }): readonly Entry[] =>
      options === undefined ? [] : [[label, valuesText(options)]],
    ),
    [over === undefined ? 'parameters' : 'other parameters', valuesText(scenario.params)],
    ...entryIf('claim', scenario.claim),
  ]
}

/** Why it has less than was planned; null when it is whole. @param what `sweep` */
export function partialText(what: string, { complete, ending }: Standing): string | null {
  if (complete) return null
  return ending === null
    ? `This ${what} is not finished: what follows may change.`
    : `This ${what} is incomplete: ${ending}.`
}

/** Trials that failed a gate; null when none did. */
function markedText({ count, of, byGate }: MarkedTrials): string | null {
  if (count === 0) return null
  const gates = Object.entries(byGate)
    .toSorted(([, a], [, b]) => b - a)
    .map(([gate, times]) => `${gate} ×${times}`)
  return `${count} of ${of} trials failed a check (${gates.join(', ')}): they are marked and count.`
}

/** `batch=8, idle=park`, or what stands for none. */
export function valuesText(
  values: Readonly<Record<string, string | number | boolean>>,
  none = 'none',
): string {
  const entries = Object.entries(values).map(([name, value]) => `${name}=${value}`)
  return entries.length === 0 ? none : entries.join(', ')
}

/** An entry that is only there when it is known. */
export function entryIf(term: string, value: string | number | null): readonly Entry[] {
  return value === null ? [] : [[term, String(value)]]
}
