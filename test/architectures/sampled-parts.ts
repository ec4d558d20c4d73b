import type { Bench } from '../ports/replay/bench.ts'

/** What each sampled request of a bench spent in a part. @param parts names, as of `partNames`. */
export function sampledIn(bench: Bench, parts: readonly string[], part: string): number[] {
  const cell = parts.indexOf(part) + 1
  return bench.memories.flatMap(({ playbacks }) => {
    const { records, recordFloats, counts } = playbacks[3].phases
    return Array.from({ length: counts[0]! }, (_, index) => records[index * recordFloats + cell]!)
  })
}

/** What each sampled request of a bench spent in each stage. @param parts how many come before. */
export function sampledServices(bench: Bench, parts: number, stages: number): number[][] {
  return bench.memories.flatMap(({ playbacks }) => {
    const { records, recordFloats, counts } = playbacks[3].phases
    return Array.from({ length: counts[0]! }, (_, index) => {
      const from = index * recordFloats + 1 + parts
      return [...records.subarray(from, from + stages)]
    })
  })
}

/** Whether services by stage are the service of each sampled request of a bench, as far as floats go. */
export function servicesAddUp(bench: Bench, parts: readonly string[], stages: number): boolean {
  const services = sampledIn(bench, parts, 'service')
  return sampledServices(bench, parts.length, stages).every((ofStages, request) => {
    const sum = ofStages.reduce((total, ns) => total + ns, 0)
    return Math.abs(sum - services[request]!) <= 1 && ofStages.every((ns) => ns >= 0)
  })
}
