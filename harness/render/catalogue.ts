import { formatQuantity, COUNT } from './format.ts'
import type { Catalogue, CatalogueEntry } from '../results/catalogue.ts'

type Outcome = NonNullable<CatalogueEntry['outcome']>

/** What became of a prediction over all loads, in a word or two. */
export function outcomeWord(outcome: Outcome | null): string {
  if (outcome === null) return 'not tested'
  const [isConfirmed, isRefuted] = [outcome.confirmed.length > 0, outcome.refuted.length > 0]
  if (isConfirmed && isRefuted) return 'confirmed in part'
  if (isConfirmed) return 'confirmed'
  return isRefuted ? 'refuted' : 'undecided'
}

/** One scenario's result in two lines for the terminal: what was found, and what became of the prediction. */
export function entryText(entry: CatalogueEntry): string {
  const found = `${entry.name}: ${entry.headline ?? 'nothing was measured.'}`
  return entry.outcomeText === null ? found : `${found}\n  prediction: ${entry.outcomeText}`
}

/** All scenarios in one sentence: `35 scenarios: 30 sound, 5 failed. Predictions: 12 confirmed, 3 refuted, …`. */
export function catalogueSentence({ scenarios }: Catalogue): string {
  const states = tally(scenarios.map(({ state }) => STATES[state]))
  const outcomes = tally(
    scenarios.filter(({ outcome }) => outcome !== null).map(({ outcome }) => outcomeWord(outcome)),
  )
  const count = formatQuantity(scenarios.length, COUNT)
  const predictions = outcomes === '' ? '' : ` Predictions: ${outcomes}.`
  return `${count} scenario${scenarios.length === 1 ? '' : 's'}: ${states}.${predictions}`
}

/** How an entry's state is said. */
export const STATES: Readonly<Record<CatalogueEntry['state'], string>> = {
  sound: 'sound',
  failed: 'failed',
  unfinished: 'not finished',
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
}
