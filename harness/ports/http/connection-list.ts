import type { Connection } from './connection.ts'

/** Connections in the order in which they were added, each in one list at most and once; linked through themselves. */
export class ConnectionList {
  #first: Connection | undefined
  #last: Connection | undefined
  #count = 0

  get count(): number {
    return this.#count
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  get first(): Connection | undefined {
    return this.#first
  }

  /** Adds it at the end, unless it is in the list. */
  add(connection: Connection): void {
    if (connection.isReady) return
    connection.isReady = true
    if (this.#last === undefined) this.#first = connection
    else this.#last.nextReady = connection
    this.#last = connection
    this.#count++
  }

  /** Takes the first one out. */
  take(): Connection | undefined {
    const connection = this.#first
    if (connection === undefined) return undefined
    this.#first = connection.nextReady
    if (this.#first === undefined) this.#last = undefined
    connection.nextReady = undefined
    connection.isReady = false
    this.#count--
    return connection
  }
}
