/** A round's medians by measurement, nanoseconds. */
export type RoundMedians = Readonly<Record<string, number>>

const FEWEST_ROUNDS = 3
const TOLERANCE = 0.05

/** Whether no measurement's latest round was more than 5 % faster than all before it: the compiler has done its work. */
export function isWarm(rounds: readonly RoundMedians[]): boolean {
  const latest = rounds.at(-1)
  if (latest === undefined || rounds.length < FEWEST_ROUNDS) return false
  const earlier = rounds.slice(0, -1)
  return Object.entries(latest).every(([name, median]) => {
    const fastest = Math.min(...earlier.map((round) => round[name] ?? Number.POSITIVE_INFINITY))
    return median >= fastest * (1 - TOLERANCE)
  })
}
