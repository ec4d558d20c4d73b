import { valueText } from '../base/value-text.ts'

/** What varies, and at which values. */
export interface StretchValues {
  readonly over: { readonly name: string; readonly unit: string }
  readonly values: readonly { readonly value: number }[]
}

/** Neighbouring values of which the same is said, as places in the list of values. */
export interface Stretch<T> {
  readonly said: T
  readonly from: number
  readonly to: number
}

/** What is said of each value in turn, neighbours that agree put together. */
export function stretchesOf<T>(all: readonly T[]): Stretch<T>[] {
  const stretches: Stretch<T>[] = []
  for (const [place, said] of all.entries()) {
    const last = stretches.at(-1)
    if (last?.said === said) stretches[stretches.length - 1] = { ...last, to: place }
    else stretches.push({ said, from: place, to: place })
  }
  return stretches
}

/** `up to theta 0.2`, `at theta 0.4`, `from theta 0.6 to 0.8`, `throughout (theta 0 to 1.2)`. */
export function placeText(
  { values, over }: StretchValues,
  { from, to }: Omit<Stretch<unknown>, 'said'>,
): string {
  const text = (place: number): string => valueText(over, values[place]?.value ?? 0)
  const last = values.length - 1
  if (from === 0 && to === last && last > 0)
    return `throughout (${over.name} ${text(0)} to ${text(last)})`
  if (from === to) return `at ${over.name} ${text(from)}`
  if (from === 0) return `up to ${over.name} ${text(to)}`
  return to === last
    ? `from ${over.name} ${text(from)} on`
    : `from ${over.name} ${text(from)} to ${text(to)}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(texts: readonly string[]): string {
  return [texts.slice(0, -1).join(', '), texts.at(-1)].filter(Boolean).join(' and ')
}
