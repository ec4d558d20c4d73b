import { type CrossoverError, usageError } from '../base/errors.ts'
import type { Load } from './schema.ts'

/** Loads further apart are not compared: latency depends on load more than in proportion. */
const MOST_APART = 1.1
/** Loads further apart are shown and not judged: near saturation, p99 grows by up to five times as much as the load. */
export const JUDGED_APART = 1.02

/** From so many per second on a whole number is near enough. */
const ROUNDED_FROM = 1_000

/** A load of the old report and the one of the new report that offers the same. */
export interface LoadMatch {
  readonly before: Load
  readonly after: Load
  /** Offered now ÷ then; 1 where both have a closed window. */
  readonly ratio: number
}

/** Loads that can be compared, and the labels of those that cannot, for want of a partner. */
export interface LoadMatches {
  readonly matches: readonly LoadMatch[]
  readonly withoutPartner: readonly string[]
}

/**
 * Matches loads by their labels, and the others by what they offer: a run with `--baseline` offers as requests per second
 * what was a share of the capacity in the old one. @returns a usage error when two of one label are further apart than 10 %.
 */
export function matchLoads(
  scenario: string,
  before: readonly Load[],
  after: readonly Load[],
): LoadMatches | CrossoverError {
  const matches = before.flatMap((old) => {
    const partner = after.find(({ label }) => label === old.label)
    return partner === undefined ? [] : [matchOf(old, partner)]
  })
  const far = matches.find(({ ratio }) => apart(ratio) > MOST_APART)
  if (far !== undefined) return tooFar(scenario, far, before)
  const isFree = (load: Load): boolean =>
    !matches.some(({ before: old, after: now }) => old === load || now === load)
  for (const old of before.filter(isFree)) {
    const [nearest] = after
      .filter(isFree)
      .map((load) => matchOf(old, load))
      .toSorted((a, b) => apart(a.ratio) - apart(b.ratio))
    if (nearest !== undefined && apart(nearest.ratio) <= MOST_APART) matches.push(nearest)
  }
  return {
    matches: matches.toSorted((a, b) => before.indexOf(a.before) - before.indexOf(b.before)),
    withoutPartner: [
      ...before.filter(isFree).map(({ label }) => `load ${label} of the old report`),
      ...after.filter(isFree).map(({ label }) => `load ${label} of the new report`),
    ],
  }
}

/** How far from 1 a ratio is, on either side: 0.8 → 1.25. */
export function apart(ratio: number): number {
  return Math.max(ratio, 1 / ratio)
}

/** `40000/s,100000/s,max`: what loads offered, fit for `--loads`. */
export function absoluteLoads(loads: readonly Load[]): string {
  return loads.map(absoluteLoad).join(',')
}

function absoluteLoad({ offeredPerSecond }: Load): string {
  if (offeredPerSecond === null) return 'max'
  return `${Number(offeredPerSecond.toFixed(offeredPerSecond < ROUNDED_FROM ? 2 : 0))}/s`
}

function matchOf(before: Load, after: Load): LoadMatch {
  const [then, now] = [before.offeredPerSecond, after.offeredPerSecond]
  if (then === null || now === null) {
    return { before, after, ratio: then === now ? 1 : Number.POSITIVE_INFINITY }
  }
  return { before, after, ratio: now / then }
}

function tooFar(scenario: string, far: LoadMatch, before: readonly Load[]): CrossoverError {
  const { label } = far.before
  const share = Math.round((apart(far.ratio) - 1) * 100)
  return usageError(
    'compare-loads-apart',
    `${scenario}: loads are ${share} % apart: ${label} is ${absoluteLoad(far.before)} in the old report, ${absoluteLoad(far.after)} in the new one`,
    `offer what the old run offered: --loads ${absoluteLoads(before)}, or --baseline <old>`,
  )
}
