/** Poisson arrivals and exponential service at `servers` ≥ 1 equal servers, first come first served. */
export interface Queue {
  readonly servers: number
  /** Offered work ÷ what all servers can do: at least 0, below 1. */
  readonly utilisation: number
  readonly meanServiceNs: number
}

/** Bisections that exhaust the 53 bits of a double. */
const BISECTIONS = 60

function checkQueue({ servers, utilisation, meanServiceNs }: Queue): void {
  if (!Number.isInteger(servers) || servers < 1) {
    throw new RangeError(`servers must be a positive integer: servers=${servers}`)
  }
  if (!(utilisation >= 0 && utilisation < 1)) {
    throw new RangeError(`utilisation must be at least 0 and below 1: utilisation=${utilisation}`)
  }
  if (!(meanServiceNs > 0)) {
    throw new RangeError(`mean service time must be positive: meanServiceNs=${meanServiceNs}`)
  }
}

function checkFraction(fraction: number): void {
  if (!(fraction > 0 && fraction < 1)) {
    throw new RangeError(`fraction must lie between 0 and 1: fraction=${fraction}`)
  }
}

/**
 * Probability that a request finds all servers busy: Erlang's C (Erlang 1917), by the recursion of Erlang's B, which
 * neither overflows nor cancels. `servers` steps.
 */
export function waitingProbability(servers: number, utilisation: number): number {
  const offered = servers * utilisation
  let blocking = 1
  for (let server = 1; server <= servers; server++) {
    blocking = (offered * blocking) / (server + offered * blocking)
  }
  return blocking / (1 - utilisation * (1 - blocking))
}

/**
 * P(response time > `ns`) of M/M/k (Kleinrock 1975, section 3.5; Gross & Harris, section 2.3). A request that waits does
 * so for an exponential time of rate k(1 − ρ)/S, so with x = ns/S and α = k(1 − ρ)
 *
 *   P = e⁻ˣ + C · (e^(−αx) − e⁻ˣ) / (1 − α)
 *
 * written below with the smaller of the two rates in front: nothing overflows, and α = 1 is the limit C·x·e⁻ˣ.
 * @throws RangeError for a queue that does not exist or has no steady state.
 */
export function responseTimeTail(queue: Queue, ns: number): number {
  checkQueue(queue)
  if (ns <= 0) return 1
  const x = ns / queue.meanServiceNs
  const drain = queue.servers * (1 - queue.utilisation)
  const apart = Math.abs(drain - 1)
  const both =
    Math.exp(-Math.min(drain, 1) * x) * (apart === 0 ? x : -Math.expm1(-apart * x) / apart)
  return Math.exp(-x) + waitingProbability(queue.servers, queue.utilisation) * both
}

/**
 * The response time in ns that a share of `fraction` of the requests does not exceed, when each server has a queue of its own and
 * every request is sent to one at random: k × M/M/1 of the same utilisation, exponential with mean S/(1 − ρ) whatever k is.
 * @throws RangeError as `responseTimeTail`, or for a fraction outside (0, 1).
 */
export function partitionedPercentile(queue: Queue, fraction: number): number {
  checkQueue(queue)
  checkFraction(fraction)
  return (-Math.log1p(-fraction) * queue.meanServiceNs) / (1 - queue.utilisation)
}

/**
 * Highest utilisation at which the percentile `fraction` of the response time is at most `limitInServices` mean service
 * times: of one shared queue, or of queues per server when `shared` is false. 0 when an idle server already exceeds it.
 * @throws RangeError for a fraction outside (0, 1) or fewer than one server.
 */
export function sustainableUtilisation(
  servers: number,
  limitInServices: number,
  fraction: number,
  shared: boolean,
): number {
  checkFraction(fraction)
  const tail = (utilisation: number) =>
    responseTimeTail(
      { servers: shared ? servers : 1, utilisation, meanServiceNs: 1 },
      limitInServices,
    )
  let lower = 0
  let upper = 1
  if (tail(0) > 1 - fraction) return 0
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (lower + upper) / 2
    if (middle < 1 && tail(middle) <= 1 - fraction) lower = middle
    else upper = middle
  }
  return lower
}

/**
 * How much CPU per request a server with a queue per core may spend, as a share of what a server with one shared queue
 * spends (`stagedServiceNs`), to sustain the same load on `servers` cores with the percentile `fraction` of the response
 * time at most `limitNs`. Above this ratio the shared queue carries more. M/M/k against k × M/M/1; in (0, 1].
 * NaN when even an idle shared queue misses the limit.
 *
 * Both meet the limit at load λ: ρ = λS/k is the shared queue's highest utilisation, and the partitioned S′ solves
 * S′·ln(1/(1 − p)) / (1 − ρS′/S) = limit.
 */
export function breakEvenRatio(
  servers: number,
  limitNs: number,
  stagedServiceNs: number,
  fraction: number,
): number {
  const utilisation = sustainableUtilisation(servers, limitNs / stagedServiceNs, fraction, true)
  if (utilisation === 0) return Number.NaN
  const idle = { servers, utilisation: 0, meanServiceNs: stagedServiceNs }
  return 1 / (partitionedPercentile(idle, fraction) / limitNs + utilisation)
}

/**
 * A time during which all servers stand still while timers run on: a service that would begin in
 * [`fromNs`, `untilNs`) begins at `untilNs`, one that would end in it ends there. On the clock of the arrivals.
 */
export interface Pause {
  readonly fromNs: number
  readonly untilNs: number
}

const NO_PAUSE: Pause = { fromNs: Number.POSITIVE_INFINITY, untilNs: Number.POSITIVE_INFINITY }

function afterPause(instantNs: number, pause: Pause): number {
  return instantNs >= pause.fromNs && instantNs < pause.untilNs ? pause.untilNs : instantNs
}

function checkTrace(arrivalsNs: Float64Array, servicesNs: ArrayLike<number>): void {
  if (servicesNs.length !== arrivalsNs.length) {
    throw new RangeError(
      `each arrival needs a service time: arrivals=${arrivalsNs.length} services=${servicesNs.length}`,
    )
  }
  for (let request = 1; request < arrivalsNs.length; request++) {
    if (!(arrivalsNs[request - 1]! <= arrivalsNs[request]!)) {
      throw new RangeError(`arrivals must ascend: request=${request}`)
    }
  }
}

/**
 * The response time, waiting and service, of each request at `servers` servers with one queue in order of arrival: the recursion of
 * Kiefer & Wolfowitz (1955), with one server that of Lindley (1952), written with the ascending instants at which the servers become
 * free instead of the vector of work, so that a pause has its place.
 * Exact; time of requests × servers at most, no allocation per request (10⁷ requests at 16 servers: under a second).
 * @throws RangeError when arrivals do not ascend, service times are missing, or there is no server.
 */
export function kieferWolfowitzResponses(
  arrivalsNs: Float64Array,
  servicesNs: ArrayLike<number>,
  servers: number,
  pause: Pause = NO_PAUSE,
): Float64Array {
  checkTrace(arrivalsNs, servicesNs)
  if (!Number.isInteger(servers) || servers < 1) {
    throw new RangeError(`servers must be a positive integer: servers=${servers}`)
  }
  const responses = new Float64Array(arrivalsNs.length)
  const freeNs = new Float64Array(servers).fill(Number.NEGATIVE_INFINITY)
  for (let request = 0; request < responses.length; request++) {
    const arrivalNs = arrivalsNs[request]!
    const beginNs = afterPause(Math.max(arrivalNs, freeNs[0]!), pause)
    const endNs = afterPause(beginNs + servicesNs[request]!, pause)
    responses[request] = endNs - arrivalNs
    // The server that was free first is free again at endNs: move it to its place.
    let place = 1
    for (; place < servers && freeNs[place]! < endNs; place++) freeNs[place - 1] = freeNs[place]!
    freeNs[place - 1] = endNs
  }
  return responses
}

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
