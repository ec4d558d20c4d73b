import type { Random } from '../base/random.ts'
import type { ArrivalProcess } from '../contract/workload.ts'

/** Draws the gaps between the requests of all ports together, of mean 1. Always by inversion: 1 − u is in (0, 1]. */
export function gapDrawer(arrivals: ArrivalProcess, random: Random): () => number {
  switch (arrivals.kind) {
    case 'constant':
      return () => 1
    case 'poisson':
      return () => exponential(random)
    case 'generalized-pareto':
      return paretoGaps(arrivals.shape, random)
    case 'bursts':
      return burstGaps(arrivals.onShare, arrivals.requests, random)
  }
}

/** A draw of mean 1. */
function exponential(random: Random): number {
  return -Math.log(1 - random.unit())
}

/** From location 0 on. The mean is scale ÷ (1 − shape). */
function paretoGaps(shape: number, random: Random): () => number {
  if (shape === 0) return () => exponential(random)
  const scale = 1 - shape
  return () => (scale * ((1 - random.unit()) ** -shape - 1)) / shape
}

/**
 * An interrupted Poisson process (Kuczura, Bell System Technical Journal 52(3), 1973): bursts and silences of exponential
 * length. In a burst requests come at 1 ÷ onShare, and it ends at a rate of 1 ÷ `requests` of that, so it has `requests` of
 * them in the mean. A burst and its silence together are as long as their requests are many, hence the mean gap of 1.
 */
function burstGaps(onShare: number, requests: number, random: Random): () => number {
  const goesOn = requests / (requests + 1)
  // Until the next request or the burst's end, whichever comes first.
  const meanStep = onShare * goesOn
  const meanSilence = requests * (1 - onShare)
  return () => {
    let gap = 0
    for (;;) {
      gap += meanStep * exponential(random)
      if (random.unit() < goesOn) return gap
      gap += meanSilence * exponential(random)
    }
  }
}
