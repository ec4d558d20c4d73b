import type { Bench } from '../ports/replay/bench.ts'

/** What each sampled request of a bench spent in a part. @param parts names, as of `partNames`. */
export function sampledIn(bench: Bench, parts: readonly string[], part: string): number[] {
  const cell = parts.indexOf(part) + 1
  return bench.memories.flatMap(({ playbacks }) => {
    const { records, recordFloats, counts } = playbacks[3].phases
    return Array.from({ length: counts[0]! }, (_, index) => records[index * recordFloats + cell]!)
  })
}
