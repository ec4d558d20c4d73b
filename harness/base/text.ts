import { usageError } from './errors.ts'

/** A whole number with its thousands apart: `12,000`. */
export function formatWhole(count: number): string {
  return count.toLocaleString('en')
}

/** Controls, those that have no width, and those that turn the direction of text. */
const ESCAPED = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** With control characters, and those that turn or hide text, as `\u{1b}`: what a terminal would obey. */
export function escapeControls(text: string): string {
  return text.replaceAll(ESCAPED, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}

const LONGEST_SHOWN = 80

/** A text of somebody else's as a message shows it: no control characters, cut. @param longest in characters, at least 1 */
export function shownText(text: string, longest: number = LONGEST_SHOWN): string {
  return escapeControls(text.length > longest ? `${text.slice(0, longest)}…` : text)
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
