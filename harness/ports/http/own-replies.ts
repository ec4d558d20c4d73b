import { FIGURE_NAMES, readAllFigures } from './port-figures.ts'
import { type ReplyHead, wholeReply } from './reply-heads.ts'

/** A reply that needs no slot; its date is still to be filled in. */
export interface UndatedReply extends ReplyHead {
  readonly status: number
}

/** What `/stats` tells of. */
interface StatsSource {
  readonly figures: SharedArrayBuffer
  readonly serverName: string
}

const ascii = (text: string) => new TextEncoder().encode(text)
const HEALTH = ascii('GET /healthz ')
const STATS = ascii('GET /stats ')
const HEAD = ascii('HEAD ')
/** The first letter of the path: `h` or `s`, where the paths of workloads have others most often. */
const PATH_LETTER = 'GET /'.length

/** The reply to a request for `/healthz` or `/stats` that begins at `from`; undefined for any other one. */
export function ownReply(
  bytes: Uint8Array,
  from: number,
  closes: boolean,
  source: StatsSource,
): UndatedReply | undefined {
  const letter = bytes[from + PATH_LETTER]
  if (letter === HEALTH[PATH_LETTER] && startsWith(bytes, from, HEALTH))
    return { ...wholeReply(200, closes, 'ok\n'), status: 200 }
  if (letter === STATS[PATH_LETTER] && startsWith(bytes, from, STATS)) {
    const text = `${JSON.stringify(statsOf(source))}\n`
    return { ...wholeReply(200, closes, text, 'application/json'), status: 200 }
  }
  return undefined
}

/** An error as a whole reply to the request that begins at `from`. */
export function errorReply(
  bytes: Uint8Array,
  from: number,
  status: number,
  closes: boolean,
): UndatedReply {
  const reply = wholeReply(status, closes)
  if (!startsWith(bytes, from, HEAD)) return { ...reply, status }
  return { ...reply, status, bytes: reply.bytes.subarray(0, -reply.textBytes) }
}

/** The counters of a server: of each port, and all together. */
function statsOf({ figures, serverName }: StatsSource): object {
  const ports = readAllFigures(figures)
  const total = Object.fromEntries(
    FIGURE_NAMES.map((name) => [name, ports.reduce((sum, port) => sum + port[name], 0)]),
  ) as Record<(typeof FIGURE_NAMES)[number], number>
  return { server: serverName, freeSlots: total.slots - total.inFlight, total, ports }
}

function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[at + i] !== text[i]) return false
  }
  return true
}
