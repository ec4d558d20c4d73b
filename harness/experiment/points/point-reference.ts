import { runError } from '../../base/errors.ts'
import { valueText } from '../../words/format.ts'
import type { Arm } from '../../contract/architecture.ts'
import { midOf } from '../capacity.ts'
import type { Capacity } from '../../trial/server-under-test.ts'
import type { PointDeployment } from './pair-rounds.ts'
import type { SustainedAt } from '../../results/points.ts'
import { needsCapacity, smallestSustained } from './load.ts'
import type { PointRequest } from './contexts.ts'

/** A result's section about what a load in percent refers to. */
interface ReferenceSection {
  referencePerSecond: number | null
  sustained: SustainedAt[]
}

/** What loads in percent refer to: searched before any pair, at the values that decide it. */
export class PointReference {
  readonly #request: PointRequest
  readonly #section: ReferenceSection
  readonly #values: readonly number[]

  /** @param values at which it is searched; none for absolute loads */
  constructor(request: PointRequest, section: ReferenceSection, values: readonly number[]) {
    this.#request = request
    this.#section = section
    this.#values = values
  }

  /** Servers of their own, where a value decides about servers; else those of the first round do. */
  deployments(): readonly PointDeployment[] {
    if (this.#request.range.subject === 'load') return []
    return this.#values.map((at) => ({ at, searches: true, pairs: [] }))
  }

  /** Whether the first round's servers are to be searched. */
  get isInFirstRound(): boolean {
    return this.#request.range.subject === 'load' && this.#values.length > 0
  }

  /** Undefined while it must be known and is not. */
  get perSecond(): number | undefined {
    if (!needsCapacity(this.#request) || this.#values.length === 0) return 0
    return this.#section.referencePerSecond ?? undefined
  }

  /** @throws CrossoverError of kind `run` when no load was sustained. */
  add(at: number, arm: Arm, { bracket }: Capacity): void {
    const { range, arms } = this.#request
    if (bracket === null)
      throw runError(
        'no-capacity',
        `no load was sustained: arm=${arm.label} ${range.name}=${valueText(range, at)}`,
        'name a load per second: --load 1000/s',
      )
    const value = range.subject === 'load' ? null : at
    const { sustained } = this.#section
    sustained.push({ value, arm: arm.label, perSecond: midOf(bracket) })
    if (sustained.length === this.#values.length * arms.length)
      this.#section.referencePerSecond = smallestSustained(range, sustained)
  }
}
