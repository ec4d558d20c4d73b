import { expect, test } from 'vitest'
import { runCalibration } from '../../../harness/experiment/calibrate/calibrate.ts'
import type { CalibrationRequest } from '../../../harness/experiment/calibrate/plan.ts'
import { availableCpus } from '../../../harness/asked/cpus.ts'
import { loadSetAffinity } from '../../../harness/measure/affinity.ts'
import {
  type Calibration,
  type CalibrationRow,
  calibrationSchema,
} from '../../../harness/results/calibrate.ts'

const LIMIT_MS = 60_000

/** A calibration that says little, but about everything, in about a second. */
const TINY: CalibrationRequest = {
  cpus: availableCpus(),
  plan: {
    lines: [],
    seconds: 1,
    single: { rounds: 2, sliceSeconds: 0.002, endsAtSeconds: 60 },
    pair: { rounds: 2, sliceSeconds: 0.005, endsAtSeconds: 60 },
  },
  command: 'npx crossover calibrate',
}

const SPINNING = ['mutex-contended', 'ring-spinning', 'queue-spinning']

interface Course {
  readonly calibration: Calibration
  readonly told: readonly string[]
  readonly saves: number
}

async function calibrate(changes: Partial<CalibrationRequest> = {}): Promise<Course> {
  const told: string[] = []
  let saves = 0
  const calibration = await runCalibration(
    { ...TINY, ...changes },
    {
      onEvent: (what) => told.push(what),
      save: () => saves++,
      signal: new AbortController().signal,
    },
  )
  return { calibration, told, saves }
}

/** Whether it has figures of so many rounds, or says why it has none. */
function isSaneRow({ median, p99, note }: CalibrationRow, rounds: number): boolean {
  if (median === null) return p99 === null && note !== ''
  const { value, lower, upper, n } = median
  const tailIsLater = p99 === null || p99.value >= value
  return value > 0 && lower <= value && value <= upper && n === rounds && tailIsLater
}

function medianOf({ rows }: Calibration, name: string): number {
  return rows.find((row) => row.name === name)?.median?.value ?? Number.NaN
}

test(
  'measures every row, or says why not',
  async () => {
    const { calibration, told, saves } = await calibrate()
    expect(calibrationSchema.parse(calibration)).toEqual(calibration)
    expect(calibration.complete).toBe(true)
    for (const row of calibration.rows) {
      expect(row).toSatisfy((each: CalibrationRow) => isSaneRow(each, 2))
    }
    expect(medianOf(calibration, 'wake-up-round-trip')).toBeCloseTo(
      2 * medianOf(calibration, 'thread-hop'),
    )
    // A push and a pop take the mutex twice.
    expect(medianOf(calibration, 'queue-push-pop')).toBeGreaterThan(
      medianOf(calibration, 'mutex-uncontended'),
    )
    expect(told).toContain('one thread, round 2 of 2')
    expect(told).toContain('two threads, round 2 of 2: queue handoff, parking')
    expect(saves).toBeGreaterThanOrEqual(3)
    // Two rounds are too few for any verdict.
    expect(calibration.claims[0]?.verdict).toBe('undecided')
  },
  LIMIT_MS,
)

test.runIf(loadSetAffinity() !== null)(
  'on one processor what spins is not available, and what sleeps is',
  async () => {
    const { calibration } = await calibrate({ cpus: availableCpus().slice(0, 1) })
    const spinning = calibration.rows.filter(({ name }) => SPINNING.includes(name))
    expect(spinning.map(({ median, note }) => ({ median, note }))).toEqual(
      SPINNING.map(() => ({ median: null, note: 'needs two processors' })),
    )
    expect(medianOf(calibration, 'thread-hop')).toBeGreaterThan(0)
    expect(medianOf(calibration, 'message-port')).toBeGreaterThan(0)
    expect(calibration.warnings).toContainEqual(expect.objectContaining({ code: 'one-processor' }))
  },
  LIMIT_MS,
)

test(
  'a busy machine has fewer rounds, not a longer calibration',
  async () => {
    const { single, pair } = TINY.plan
    const { calibration } = await calibrate({
      plan: {
        ...TINY.plan,
        single: { ...single, rounds: 10_000, endsAtSeconds: 0 },
        pair: { ...pair, rounds: 10_000, endsAtSeconds: 0 },
      },
    })
    expect(calibration.complete).toBe(true)
    for (const row of calibration.rows) {
      expect(row).toSatisfy((each: CalibrationRow) => isSaneRow(each, 1))
    }
  },
  LIMIT_MS,
)

test.each([
  ['one thread', 'not reached'],
  ['two threads, warm-up: queue', ''],
  ['two threads, round 1 of 2: hop', ''],
])(
  'stopped during "%s", it ends at once and keeps what it has',
  async (stoppedAt, note) => {
    const controller = new AbortController()
    let saved: Calibration | undefined
    const running = runCalibration(
      {
        ...TINY,
        plan: { ...TINY.plan, pair: { rounds: 2, sliceSeconds: 0.05, endsAtSeconds: 60 } },
      },
      {
        onEvent: (what) => {
          if (what.startsWith(stoppedAt)) controller.abort()
        },
        save: (calibration) => (saved = structuredClone(calibration)),
        signal: controller.signal,
      },
    )
    await expect(running).rejects.toMatchObject({ kind: 'run', code: 'interrupted' })
    expect(calibrationSchema.parse(saved)).toEqual(saved)
    expect(saved).toMatchObject({ complete: false })
    expect(saved?.rows[0]).toMatchObject({ name: 'clock-reading', note })
  },
  LIMIT_MS,
)
