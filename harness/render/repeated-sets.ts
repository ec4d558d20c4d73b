import type { Report } from '../results/schema.ts'

/** So many more repeats by one arm's trials than by another's, and so many times as many, are no accident. */
const NOTABLE_EXCESS = 3

/** How many sets were played again, at which load, and why: `20%: noise of staged ×2`; null when none was. */
export function repeatedSets({ loads, rounds }: Report): string | null {
  const parts = loads.flatMap(({ label, sets }) => {
    const causes = sets.flatMap(({ discarded }) =>
      discarded.map(({ cause, arm }) => `${cause} of ${arm}`),
    )
    return causes.length === 0 ? [] : [`${label}: ${counted(causes).join(', ')}`]
  })
  if (parts.length === 0) return null
  const count = loads.flatMap(({ sets }) => sets.flatMap(({ discarded }) => discarded)).length
  // Before there were rounds single trials were repeated.
  const noun = rounds.length === 0 ? 'trial' : 'set'
  const were = count === 1 ? `1 ${noun} was` : `${count} ${noun}s were`
  return `${were} played again (${parts.join('; ')})`
}

/** A warning where one arm's trials had far more sets played again than another's; null where they did not. */
export function selectionWarning({ arms, loads }: Report): string | null {
  const causes = loads.flatMap(({ sets }) =>
    sets.flatMap(({ discarded }) => discarded.map(({ arm }) => arm)),
  )
  const [least, ...others] = arms
    .map(({ label }) => ({ label, count: causes.filter((arm) => arm === label).length }))
    .toSorted((a, b) => a.count - b.count)
  const most = others.at(-1)
  if (least === undefined || most === undefined) return null
  const isNotable =
    most.count - least.count >= NOTABLE_EXCESS && most.count >= NOTABLE_EXCESS * least.count
  return isNotable
    ? `${most.label} had ${most.count} repeats, ${least.label} ${least.count}: what is left may be a selection, the quieter trials of ${most.label}`
    : null
}

/** `noise of staged ×2`, the most frequent first. */
function counted(causes: readonly string[]): readonly string[] {
  return [...Map.groupBy(causes, (cause) => cause)]
    .toSorted(([, first], [, second]) => second.length - first.length)
    .map(([cause, { length }]) => `${cause} ×${length}`)
}
