import type { Clock } from '../../harness/base/clock.ts'

/** A clock for tests: stands still until it is told to move. */
export class ManualClock implements Clock {
  readonly cell = new Float64Array(1)
  #nowNs: number

  constructor(startNs = 0) {
    this.#nowNs = startNs
  }

  read(): void {
    this.cell[0] = this.#nowNs
  }

  nowNs(): number {
    this.read()
    return this.#nowNs
  }

  advance(byNs: number): void {
    this.#nowNs += byNs
  }
}
