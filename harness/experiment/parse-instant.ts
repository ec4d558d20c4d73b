import { MS_PER_SECOND } from '../base/units.ts'

/** An instant as a log has it. */
export interface LogInstant {
  readonly form: 'seconds' | 'date'
  /** Since the Unix epoch, or since whatever the log counts from. */
  readonly seconds: number
}

const SECONDS = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i
/** Whole seconds, their fraction, the zone. */
const DATE = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)$/i
/** The year 5138: who means milliseconds is above it. */
const MOST_SECONDS = 1e11

/**
 * Reads `12.5`, `1700000000.25` or `2026-11-24T10:00:00.25Z`; undefined for anything else, milliseconds and a date without
 * its zone among them. To the quarter of a microsecond, which is what a double has of today's dates.
 */
export function parseInstant(text: string): LogInstant | undefined {
  if (SECONDS.test(text)) {
    const seconds = Number(text)
    return Math.abs(seconds) < MOST_SECONDS ? { form: 'seconds', seconds } : undefined
  }
  const [, whole, fraction = '', zone] = DATE.exec(text) ?? []
  if (whole === undefined || zone === undefined) return undefined
  // Date.parse drops what is below a millisecond.
  const wholeMs = Date.parse(`${whole.replace(' ', 'T')}${zone}`)
  if (Number.isNaN(wholeMs)) return undefined
  return { form: 'date', seconds: wholeMs / MS_PER_SECOND + Number(`0${fraction}`) }
}
