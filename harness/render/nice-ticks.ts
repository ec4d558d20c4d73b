const STEPS = [1, 2, 5]

/** The values 1, 2, 5 × 10ᵏ from the last one at or below `lowest` to the first one at or above `highest`; both > 0. */
export function niceTicks(lowest: number, highest: number): readonly number[] {
  const ticks: number[] = []
  for (let exponent = Math.floor(Math.log10(lowest)); ; exponent++) {
    for (const step of STEPS) {
      const tick = Number(`${step}e${exponent}`)
      if (tick <= lowest) ticks.length = 0
      ticks.push(tick)
      if (tick >= highest && ticks.length > 1) return ticks
    }
  }
}
