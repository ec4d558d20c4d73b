import { usageError } from './errors.ts'
import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from './units.ts'

/** Units that are written right behind the digits; words are left to the heading. */
const SIGNS = ['%', '/s']

/**
 * A value of a parameter as people write it: `0.8`, `50%`, `2,000/s`.
 * @param decimals so many, also when they are zeros; @default as many as there are, six significant digits at most
 */
export function valueText(
  { unit }: { readonly unit: string },
  value: number,
  decimals?: number,
): string {
  const digits = value.toLocaleString(
    'en',
    decimals === undefined
      ? { maximumSignificantDigits: 6 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals },
  )
  return SIGNS.includes(unit) ? digits + unit : digits
}

const SCALES = [
  [NS_PER_SECOND, 's'],
  [NS_PER_MS, 'ms'],
  [NS_PER_US, 'µs'],
] as const

/** A time inside a sentence that is stored as text, with three significant digits: `812 ns`, `1.25 ms`, `250 ms`. */
export function timeText(ns: number): string {
  const [size, symbol] = SCALES.find(([scale]) => Math.abs(ns) >= scale) ?? [1, 'ns']
  return `${Number((ns / size).toPrecision(3))} ${symbol}`
}

/** A share inside such a sentence: `2.5 %`. @param decimals @default 1 */
export function percentText(share: number, decimals = 1): string {
  return `${(share * 100).toFixed(decimals)} %`
}

/** Levenshtein's distance: the fewest insertions, deletions and replacements of one character. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1))
    }
    previous = current
  }
  return previous[to.length]!
}

/** The name that was probably meant: at most a third of its characters mistyped, or undefined. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.ceil(name.length / 3))
    .toSorted((a, b) => a.distance - b.distance)
  return nearest?.name
}

/** A cure for a name that does not exist: the one that was probably meant, and all that exist. */
export function namesCure(typed: string, names: readonly string[], what: string): string {
  if (names.length === 0) return `there are no ${what}`
  const nearest = nearestName(typed, names)
  const all = `${what}: ${names.join(', ')}`
  return nearest === undefined ? all : `did you mean ${nearest}? ${all}`
}

/**
 * The name that was typed, if there is one.
 * @param flag behind which it was. @param kind what it names, in the singular. @param code of the error. @default the kind
 * @throws CrossoverError of kind `usage` with the names that there are.
 */
export function requireName<Name extends string>(
  typed: string,
  names: readonly Name[],
  flag: string,
  kind: string,
  code = kind,
): Name {
  const known = names.find((name) => name === typed)
  if (known !== undefined) return known
  throw usageError(
    code,
    `${flag}: no ${kind} has this name: ${typed || '(empty)'}`,
    namesCure(typed, names, `${kind}s`),
  )
}
