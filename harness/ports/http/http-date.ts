import { wallClock } from '../../base/clock.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { DATE_CHARACTERS } from './reply-heads.ts'

/** The `Date` of replies, made anew once a second (RFC 9110, 6.6.1). One per port. */
export class HttpDate {
  readonly #bytes = new Uint8Array(DATE_CHARACTERS)
  // A fraction, so that the field holds doubles from the start.
  #validUntilNs = -0.5

  /** Writes the date over `target[at …]`. @param nowNs of the run's clock. */
  write(target: Uint8Array, at: number, nowNs: number): void {
    if (nowNs >= this.#validUntilNs) this.#renew(nowNs)
    const bytes = this.#bytes
    for (let i = 0; i < DATE_CHARACTERS; i++) target[at + i] = bytes[i]!
  }

  #renew(nowNs: number): void {
    const now = wallClock()
    new TextEncoder().encodeInto(now.toUTCString(), this.#bytes)
    this.#validUntilNs = nowNs + NS_PER_SECOND - now.getUTCMilliseconds() * (NS_PER_SECOND / 1_000)
  }
}
