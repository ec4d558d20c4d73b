/** Whether a fit goes up or down with the parameter. */
export type Direction = 'increasing' | 'decreasing'

/** A run of neighbours that share one fitted value. */
interface Block {
  mean: number
  weight: number
  count: number
}

/**
 * The non-decreasing sequence that is nearest to `values` in the weighted sum of squares, by pooling adjacent violators
 * (Ayer, Brunk, Ewing, Reid & Silverman 1955; Robertson, Wright & Dykstra 1988, section 1.2): whenever a block's mean
 * is not below the next one's, both become one block with their weighted mean. Linear in the number of values, all of
 * them finite; weights positive.
 */
export function isotonicFit(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: Block[] = []
  for (let index = 0; index < values.length; index++) {
    let block: Block = { mean: values[index]!, weight: weights[index]!, count: 1 }
    for (
      let before = blocks.at(-1);
      before !== undefined && before.mean >= block.mean;
      before = blocks.at(-1)
    ) {
      blocks.pop()
      block = pooled(before, block)
    }
    blocks.push(block)
  }
  return blocks.flatMap(({ mean, count }) => Array.from({ length: count }, () => mean))
}

/** The nearest sequence that never decreases, or that never increases. */
export function monotoneFit(
  values: readonly number[],
  weights: readonly number[],
  direction: Direction,
): number[] {
  if (direction === 'increasing') return isotonicFit(values, weights)
  const mirrored = values.map((value) => 0 - value)
  return isotonicFit(mirrored, weights).map((value) => 0 - value)
}

/** The direction whose fit is nearer to `values`; `increasing` when both are equally near. */
export function betterDirection(values: readonly number[], weights: readonly number[]): Direction {
  const [up, down] = (['increasing', 'decreasing'] as const).map((direction) =>
    distance(values, monotoneFit(values, weights, direction), weights),
  )
  return down! < up! ? 'decreasing' : 'increasing'
}

function pooled(before: Block, after: Block): Block {
  const weight = before.weight + after.weight
  // Between the two means also where their sum would overflow or round outside of them.
  const mean = after.mean + (before.mean - after.mean) * (before.weight / weight)
  return { mean, weight, count: before.count + after.count }
}

function distance(
  values: readonly number[],
  fit: readonly number[],
  weights: readonly number[],
): number {
  return values.reduce((sum, value, index) => sum + weights[index]! * (value - fit[index]!) ** 2, 0)
}
