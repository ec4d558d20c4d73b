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
