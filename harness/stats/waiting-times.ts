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

function check(arrivalsNs: Float64Array, servicesNs: ArrayLike<number>): void {
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
 * The response time, waiting and service, of each request at one server that serves in order of arrival: the recursion
 * of Lindley (1952), written with the instant at which the server becomes free instead of the waiting time, so that a
 * pause has its place. Exact, linear.
 * @throws RangeError when arrivals do not ascend or service times are missing.
 */
export function lindleyResponses(
  arrivalsNs: Float64Array,
  servicesNs: ArrayLike<number>,
  pause: Pause = NO_PAUSE,
): Float64Array {
  check(arrivalsNs, servicesNs)
  const responses = new Float64Array(arrivalsNs.length)
  let freeNs = Number.NEGATIVE_INFINITY
  for (let request = 0; request < responses.length; request++) {
    const arrivalNs = arrivalsNs[request]!
    const beginNs = afterPause(Math.max(arrivalNs, freeNs), pause)
    freeNs = afterPause(beginNs + servicesNs[request]!, pause)
    responses[request] = freeNs - arrivalNs
  }
  return responses
}

/**
 * The response time of each request at `servers` servers with one queue in order of arrival: the recursion of Kiefer &
 * Wolfowitz (1955), with the ascending instants at which the servers become free instead of the vector of work.
 * Exact; time of requests × servers at most, no allocation per request (10⁷ requests at 16 servers: under a second).
 * @throws RangeError when arrivals do not ascend, service times are missing, or there is no server.
 */
export function kieferWolfowitzResponses(
  arrivalsNs: Float64Array,
  servicesNs: ArrayLike<number>,
  servers: number,
  pause: Pause = NO_PAUSE,
): Float64Array {
  check(arrivalsNs, servicesNs)
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
