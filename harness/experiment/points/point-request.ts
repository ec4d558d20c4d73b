import type { Arm } from '../../contract/architecture.ts'
import type { Assignments } from '../parse-parameters.ts'
import type { LoadRequest } from '../run-request.ts'
import type { ParameterRange } from './parameter-range.ts'

/** Everything that decides what is measured at the values of a parameter. */
export interface PointRequest {
  /** A name, or the path of a file. */
  readonly scenario: string
  /** Parameters that stay the same, as behind `--param`. */
  readonly fixed: Assignments
  /** First and second arm; ratios are second ÷ first. */
  readonly arms: readonly [Arm, Arm]
  readonly range: ParameterRange
  /** The same at every value, per core when cores vary; of no account when the load itself varies. */
  readonly load: Exclude<LoadRequest, { kind: 'max' }>
  /** Steady state of one trial at a load. */
  readonly durationSeconds: number
  /** Right answers are all that it is about: the shortest warm-up. @default false */
  readonly answersOnly?: boolean
  readonly seed: number
  /** Processors that the servers may use; when cores vary, the first so many of them. */
  readonly cpus: readonly number[]
  /** Threads in place of processors; null for one core per processor. When cores vary, only whether it is null counts. */
  readonly virtualCores: number | null
}
