import type { PairRow, SingleRow } from '../../results/calibrate.ts'

/** What `test/bench/in-principle.cpp` printed. */
const SAME_IN_CPP =
  'the same in C++ (gcc -O2, pthread, futex) on two processors of an AMD EPYC in a virtual machine, Linux 6.18'
const CACHE_LINES =
  'two cache lines that change processors, each as dear as the only one of the ring'
const FUTEX = 'a futex wake-up each way, on that same machine'

/** What a row is called, how it follows from what is measured, and what it is held against. */
interface RowSpec {
  readonly label: string
  /** Of a round trip: ½ for one way. @default 1 */
  readonly share?: number
  /** A thread sleeps: the tail is of interest. */
  readonly sleeps?: true
  readonly inPrinciple?: readonly [ns: number, source: string]
  /** What it is held against crosses from one processor to another: no yardstick where there is only one. */
  readonly crosses?: true
}

/** Every row of a calibration. */
export const ROW_SPECS: Readonly<Record<SingleRow | PairRow, RowSpec>> = {
  'clock-reading': { label: 'clock reading', inPrinciple: [23, SAME_IN_CPP] },
  'histogram-record': { label: 'histogram record, per request' },
  'mutex-uncontended': {
    label: 'mutex lock + unlock, uncontended',
    inPrinciple: [10, SAME_IN_CPP],
  },
  'ring-push-pop': { label: 'ring push + publish + pop', inPrinciple: [0.9, SAME_IN_CPP] },
  'queue-push-pop': { label: 'queue push + pop', inPrinciple: [20, SAME_IN_CPP] },
  callback: { label: 'callback switch', inPrinciple: [1.5, SAME_IN_CPP] },
  'generator-switch': { label: 'coroutine switch (generator)', inPrinciple: [1.1, SAME_IN_CPP] },
  'microtask-switch': { label: 'microtask switch (await)' },
  'system-call': { label: 'system call (getppid)', inPrinciple: [110, SAME_IN_CPP] },
  'minor-page-fault': { label: 'minor page fault', inPrinciple: [1_100, SAME_IN_CPP] },
  'mutex-contended': {
    label: 'mutex, contended, per acquisition',
    inPrinciple: [40, SAME_IN_CPP],
  },
  'ring-spinning': {
    label: 'ring, push to pop, spinning',
    share: 0.5,
    inPrinciple: [45, SAME_IN_CPP],
  },
  'queue-spinning': {
    label: 'queue handoff, spinning',
    share: 0.5,
    inPrinciple: [90, CACHE_LINES],
  },
  'queue-parking': {
    label: 'queue handoff, parking',
    share: 0.5,
    sleeps: true,
    crosses: true,
    inPrinciple: [21_000, SAME_IN_CPP],
  },
  'thread-hop': {
    label: 'hop between threads, parking',
    share: 0.5,
    sleeps: true,
    crosses: true,
    inPrinciple: [21_000, SAME_IN_CPP],
  },
  'wake-up-round-trip': {
    label: 'wake-up there and back',
    sleeps: true,
    crosses: true,
    inPrinciple: [41_000, SAME_IN_CPP],
  },
  'thread-switch': {
    label: 'thread switch on one processor',
    share: 0.5,
    sleeps: true,
    inPrinciple: [1_500, SAME_IN_CPP],
  },
  'message-port': {
    label: 'MessagePort there and back',
    sleeps: true,
    crosses: true,
    inPrinciple: [41_000, FUTEX],
  },
  'wait-async': {
    label: 'waitAsync there and back',
    sleeps: true,
    crosses: true,
    inPrinciple: [41_000, FUTEX],
  },
  'timer-lateness': {
    label: 'timer lateness of a 200 µs wait',
    sleeps: true,
    inPrinciple: [25_000, SAME_IN_CPP],
  },
}

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
