import type { PairRow, SingleRow } from '../../results/calibration.ts'

/** A row that is measured by itself: every one but the round trip, which is two hops. */
export type MeasurementName = SingleRow | Exclude<PairRow, 'wake-up-round-trip'>

/** What two threads do together, one leading and one following. */
export type ExerciseName =
  | 'mutex'
  | 'ring'
  | 'queue-spinning'
  | 'queue-parking'
  | 'parking'
  | 'message-port'
  | 'wait-async'
  | 'timer'

/** An exercise, and where its two threads run. */
export interface PairMeasurement {
  readonly name: Exclude<PairRow, 'wake-up-round-trip'>
  readonly exercise: ExerciseName
  /** `apart`: on two processors, or not at all. `together`: on one. `anywhere`: on two where there are two. */
  readonly place: 'apart' | 'together' | 'anywhere'
}

/** In the order of a round. Those that spin need two processors: on one they would measure the kernel's time slice. */
export const PAIR_MEASUREMENTS: readonly PairMeasurement[] = [
  { name: 'mutex-contended', exercise: 'mutex', place: 'apart' },
  { name: 'ring-spinning', exercise: 'ring', place: 'apart' },
  { name: 'queue-spinning', exercise: 'queue-spinning', place: 'apart' },
  { name: 'queue-parking', exercise: 'queue-parking', place: 'anywhere' },
  { name: 'thread-hop', exercise: 'parking', place: 'anywhere' },
  { name: 'thread-switch', exercise: 'parking', place: 'together' },
  { name: 'message-port', exercise: 'message-port', place: 'anywhere' },
  { name: 'wait-async', exercise: 'wait-async', place: 'anywhere' },
  { name: 'timer-lateness', exercise: 'timer', place: 'anywhere' },
]
