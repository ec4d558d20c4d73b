import { COUNT, formatQuantity, PER_SECOND } from '../render/format.ts'
import type { HttpServer } from '../experiment/http-server.ts'

/** Figures of one port, or of all together. */
export type ServeFigures = ReturnType<HttpServer['figures']>[number]

/** The figures of all ports together. */
export function sumFigures(ports: readonly ServeFigures[]): ServeFigures {
  const [first, ...others] = ports
  if (first === undefined) throw new RangeError('a server has at least one port')
  const names = Object.keys(first) as (keyof ServeFigures)[]
  return Object.fromEntries(
    names.map((name) => [name, others.reduce((sum, port) => sum + port[name], first[name])]),
  ) as ServeFigures
}

/**
 * One line of counters: since the start, or with the rate since an earlier reading.
 * @param seconds since that.
 */
export function countersLine(now: ServeFigures, before?: ServeFigures, seconds = 1): string {
  const rate =
    before === undefined
      ? ''
      : `${formatQuantity((repliesIn(now) - repliesIn(before)) / seconds, PER_SECOND)}, `
  const count = (value: number) => formatQuantity(value, COUNT)
  return (
    `${rate}${count(repliesIn(now))} replies (2xx ${count(now.replies2xx)}, 4xx ${count(now.replies4xx)}, ` +
    `5xx ${count(now.replies5xx)}), ${now.connections} connections, ${now.inFlight} in flight`
  )
}

function repliesIn({ replies2xx, replies4xx, replies5xx }: ServeFigures): number {
  return replies2xx + replies4xx + replies5xx
}
