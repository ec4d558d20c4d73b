import { MS_PER_SECOND } from '../base/units.ts'

/** An instant as a log has it. */
export interface LogInstant {
  readonly form: 'seconds' | 'date'
  /** Since the Unix epoch, or since whatever the log counts from. */
  readonly seconds: number
}

/** Why a text is no instant, and what to do about it. */
export interface NoInstant {
  readonly fault: string
  readonly cure: string
}

const SECONDS = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i
/** Day, time, fraction, zone. */
const DATE = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))? ?(Z|[+-]\d\d:?\d\d)?$/i
/** As web servers write it: `10/Oct/2000:13:55:36 -0700`. */
const ACCESS_DATE = /^(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})$/
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
/** The year 5138: who means milliseconds is above it. */
const MOST_SECONDS = 1e11
const SECONDS_PER_MINUTE = 60
const MINUTES_PER_HOUR = 60

export const INSTANT_CURE =
  'seconds as a decimal number, 1700000000.25, or a date, 2026-11-24T10:00:00.25Z; all lines alike'

/**
 * Reads `12.5`, `1700000000.25`, `2026-11-24T10:00:00.25Z` or `10/Oct/2000:13:55:36 -0700`. To the quarter of a microsecond,
 * which is what a double has of today's dates. About 0.5 µs.
 */
export function parseInstant(text: string): LogInstant | NoInstant {
  if (SECONDS.test(text)) {
    const seconds = Number(text)
    if (Math.abs(seconds) < MOST_SECONDS) return { form: 'seconds', seconds }
    return {
      fault: `instant is none: ${text}`,
      cure: 'seconds, not milliseconds or less: 1700000000.25, so divide by 1,000 (or 1,000,000)',
    }
  }
  const date = DATE.exec(text)
  if (date !== null) return dateOf(date.slice(1, 7).map(Number), date[7], date[8], text)
  const access = ACCESS_DATE.exec(text)
  if (access === null) return { fault: `instant is none: ${text || '(empty)'}`, cure: INSTANT_CURE }
  const [, day, month, year, ...others] = access
  const numbers = [year, MONTHS.indexOf(month!.toLowerCase()) + 1, day, ...others.slice(0, 3)]
  return dateOf(numbers.map(Number), undefined, others[3], text)
}

/** @param numbers year, month from 1 on, day, hour, minute, second. */
function dateOf(
  numbers: readonly number[],
  fraction: string | undefined,
  zone: string | undefined,
  text: string,
): LogInstant | NoInstant {
  const [year, month, day, hour, minute, second] = numbers as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (zone === undefined)
    return {
      fault: `instant is a date without its zone: ${text}`,
      cure: 'append the zone, e.g. 2026-11-24T10:00:00.25Z or …+01:00: clocks of two zones differ by hours',
    }
  // A leap second is the first of the next minute to the Unix clock, too.
  const leap = second === 60 && minute === 59 ? 1 : 0
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second - leap))
  // What does not exist comes out as another date: the 30th of February as the 2nd of March.
  const exists =
    at.getUTCFullYear() === year &&
    at.getUTCMonth() === month - 1 &&
    at.getUTCDate() === day &&
    at.getUTCHours() === hour &&
    at.getUTCMinutes() === minute &&
    at.getUTCSeconds() === second - leap
  const offset = zoneSeconds(zone)
  if (!exists || offset === undefined)
    return {
      fault: `instant is a date that does not exist: ${text}`,
      cure: 'mend or leave out the line: a month has at most 31 days, an hour 60 minutes, a zone up to 23:59',
    }
  const seconds = at.getTime() / MS_PER_SECOND + leap - offset
  return { form: 'date', seconds: seconds + Number(`0.${fraction ?? 0}`) }
}

function zoneSeconds(zone: string): number | undefined {
  if (zone.length === 1) return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  if (hours > 23 || minutes > 59) return undefined
  return (zone[0] === '-' ? -1 : 1) * (hours * MINUTES_PER_HOUR + minutes) * SECONDS_PER_MINUTE
}
