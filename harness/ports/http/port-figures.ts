import { ISOLATION_WORDS } from '../../base/units.ts'

/**
 * What each port counts: doubles in shared memory, written by the port's thread only and read by anybody, so that one
 * port's `/stats` tells of all. Totals since the start but where it says now. The value is the cell's index.
 */
export const FIGURES = {
  /** Open now. */
  connections: 0,
  accepted: 1,
  /** Requests that got a slot. */
  received: 2,
  /** Replies by the first digit of their status; those to `/healthz` and `/stats` are among them. */
  replies2xx: 3,
  replies4xx: 4,
  replies5xx: 5,
  /** Requests answered with 503 since they waited too long, for a slot or in one. */
  refused: 6,
  /** Connections ended since their client was too slow or silent too long. */
  timeouts: 7,
  slots: 8,
  /** Slots of requests received and not yet replied, now. */
  inFlight: 9,
  /** Most connections that waited for a slot at once. */
  largestBacklog: 10,
} as const
export type FigureName = keyof typeof FIGURES
export type FigureValues = Readonly<Record<FigureName, number>>

export const FIGURE_NAMES = Object.keys(FIGURES) as readonly FigureName[]

const CELLS_PER_PORT = ISOLATION_WORDS

/** Figures of all ports of a server. */
export function createPortFigures(portCount: number): SharedArrayBuffer {
  return new SharedArrayBuffer(portCount * CELLS_PER_PORT * Float64Array.BYTES_PER_ELEMENT)
}

/** One port's figures, as its thread writes them. */
export class PortFigures {
  readonly #cells: Float64Array

  constructor(buffer: SharedArrayBuffer, port: number) {
    const bytes = CELLS_PER_PORT * Float64Array.BYTES_PER_ELEMENT
    this.#cells = new Float64Array(buffer, port * bytes, CELLS_PER_PORT)
  }

  /** @param figure one of `FIGURES`. */
  add(figure: number, count: number): void {
    this.#cells[figure]! += count
  }

  set(figure: number, value: number): void {
    this.#cells[figure] = value
  }

  /** A copy of the present figures. */
  read(): FigureValues {
    const entries = FIGURE_NAMES.map((name) => [name, this.#cells[FIGURES[name]]!])
    return Object.fromEntries(entries) as FigureValues
  }
}

/** The figures of all ports, one after the other. */
export function readAllFigures(buffer: SharedArrayBuffer): readonly FigureValues[] {
  const portCount = buffer.byteLength / (CELLS_PER_PORT * Float64Array.BYTES_PER_ELEMENT)
  return Array.from({ length: portCount }, (_, port) => new PortFigures(buffer, port).read())
}
