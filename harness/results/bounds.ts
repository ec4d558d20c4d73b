/** A place in a file whose content no measurement writes. */
export interface OutOfBounds {
  readonly path: readonly PropertyKey[]
  readonly what: string
}

/** Levels of lists and objects: a report has about twelve. */
const MOST_LEVELS = 40
/** Entries of a list or an object: windows of 100 ms for almost three hours. */
const MOST_ENTRIES = 100_000
/** All entries of a file together: a report of a hundred trials of a minute has half a million. */
const MOST_VALUES = 20_000_000
/** Doubles count exactly as far as this; 104 days in nanoseconds. */
const LARGEST = Number.MAX_SAFE_INTEGER
/** Names that objects have by themselves: a table by name would find these where nothing was put. */
const OWN_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

/** Whether something of this name would be found in any object. */
export function isOwnName(name: string): boolean {
  return OWN_NAMES.has(name)
}

/**
 * A place of a file's content that passes what any measurement writes, whatever its shape: a number, a length, a depth or a name;
 * undefined when there is none. Looks before the shape is checked, so that checking and showing it come to an end. A few
 * milliseconds per MB.
 */
export function findOutOfBounds(content: unknown): OutOfBounds | undefined {
  let values = 0
  // By a list of its own, not by calls: a file may be nested deeper than the stack.
  const open: { readonly value: object; readonly path: readonly PropertyKey[] }[] = [
    { value: { content }, path: [] },
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next
    if (path.length > MOST_LEVELS) return { path, what: `expected at most ${MOST_LEVELS} levels` }
    const isList = Array.isArray(value)
    const entries = Object.entries(value)
    values += entries.length
    if (entries.length > MOST_ENTRIES || values > MOST_VALUES)
      return {
        path: path.slice(1),
        what: `expected at most ${MOST_ENTRIES} entries, found ${entries.length}`,
      }
    for (const [name, inner] of entries) {
      const isHuge = typeof inner === 'number' && Math.abs(inner) > LARGEST
      const isNested = typeof inner === 'object' && inner !== null
      if (!isHuge && !isNested && !OWN_NAMES.has(name)) continue
      const place = [...path, isList ? Number(name) : name]
      const what = isHuge
        ? `expected a number of at most ${LARGEST}, found ${inner}`
        : OWN_NAMES.has(name)
          ? 'nothing can be called so'
          : null
      if (what !== null) return { path: place.slice(1), what }
      if (isNested) open.push({ value: inner as object, path: place })
    }
  }
  return undefined
}
