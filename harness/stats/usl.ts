/** How much a server did on a number of cores. */
export interface ScalingPoint {
  readonly cores: number
  /** Requests per second, or any other rate; positive. */
  readonly perSecond: number
}

/** What keeps throughput from growing with the cores. Negative values mean that it grows faster than they do. */
export interface Scalability {
  /** σ: the share of the work that cannot be done side by side. */
  readonly contention: number
  /** κ: what each pair of cores costs to agree; null when fewer than two numbers of cores above one were measured. */
  readonly coherency: number | null
}

/**
 * Gunther's Universal Scalability Law C(N) = N ÷ (1 + σ(N − 1) + κN(N − 1)), C the throughput relative to one core, fitted
 * by linear least squares without intercept: N ÷ C(N) − 1 over N − 1 and N(N − 1), by the 2 × 2 normal equations (Gunther,
 * Guerrilla Capacity Planning, Springer 2007, chapters 4 and 5). Several points of one number of cores are allowed; one core
 * stands for the mean of its points. Null without one core, or with nothing but one core.
 */
export function fitScalability(points: readonly ScalingPoint[]): Scalability | null {
  const alone = points.filter(({ cores }) => cores === 1)
  const more = points.filter(({ cores }) => cores > 1)
  if (alone.length === 0 || more.length === 0) return null
  const perSecondAlone = sum(alone.map(({ perSecond }) => perSecond)) / alone.length
  const rows = more.map(({ cores, perSecond }) => ({
    x: cores - 1,
    y: cores * (cores - 1),
    loss: (cores * perSecondAlone) / perSecond - 1,
  }))
  const xx = sum(rows.map(({ x }) => x * x))
  const xLoss = sum(rows.map(({ x, loss }) => x * loss))
  const isOneNumber = new Set(more.map(({ cores }) => cores)).size === 1
  // N(N − 1) is then a multiple of N − 1: all of the loss is counted as contention.
  if (isOneNumber) return { contention: xLoss / xx, coherency: null }
  const xy = sum(rows.map(({ x, y }) => x * y))
  const yy = sum(rows.map(({ y }) => y * y))
  const yLoss = sum(rows.map(({ y, loss }) => y * loss))
  const determinant = xx * yy - xy * xy
  return {
    contention: (xLoss * yy - yLoss * xy) / determinant,
    coherency: (yLoss * xx - xLoss * xy) / determinant,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
