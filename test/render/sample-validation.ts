import { seededRandom } from '../../harness/base/random.ts'
import {
  type IdenticalRun,
  type Validation,
  VALIDATION_VERSION,
  type ValidationRow,
  validationSchema,
} from '../../harness/results/validate.ts'
import { sampleReport } from './sample-report.ts'

function theoryRow(
  subject: string,
  figure: string,
  expected: number,
  difference: number,
): ValidationRow {
  const passed = Math.abs(difference) <= 0.05
  return {
    part: 'theory',
    subject,
    figure,
    measured: expected * (1 + difference),
    expected,
    unit: 'ns',
    difference,
    limit: 0.05,
    passed,
    note: passed ? '' : 'the server’s threads waited 9.1 ms for a processor',
  }
}

/** Twenty A/A runs of one arm at one load; the seventh, falsely, names a winner. */
function identicalRuns(arm: string, load: string, seed: number): readonly IdenticalRun[] {
  const random = seededRandom(seed)
  return Array.from({ length: 20 }, (_, index) => {
    const value = Math.exp((random.unit() - 0.5) * 0.16)
    const ratio = { value, lower: value * 0.95, upper: value * 1.05, level: 0.969, n: 6, unit: '×' }
    return {
      arm,
      load,
      pairs: 6,
      ratios: { p50: null, p99: ratio },
      winner: index === 6 ? arm : 'inconclusive',
      markedTrials: index === 3 ? 2 : 0,
    }
  })
}

/** A whole validation in which everything passed. Always the same. */
export function sampleValidation(): Validation {
  return validationSchema.parse({
    validationVersion: VALIDATION_VERSION,
    complete: true,
    ending: null,
    startedAt: '2026-11-20T08:00:00.000Z',
    elapsedSeconds: 412.5,
    command: 'crossover validate --seed 7',
    seed: 7,
    quick: false,
    environment: sampleReport().environment,
    rows: [
      theoryRow('staged, 8 servers, 50 %', 'p50', 4_120_000, 0.0121),
      theoryRow('staged, 8 servers, 50 %', 'p99', 23_800_000, -0.0004),
      theoryRow('sharded, 16 servers, 80 %', 'p99', 118_000_000, -0.034),
      {
        part: 'aa',
        subject: 'staged against itself, 50%',
        figure: 'winners named',
        measured: 1,
        expected: 0,
        unit: 'verdicts',
        difference: null,
        limit: 1,
        passed: true,
        note: '',
      },
      {
        ...theoryRow('staged, frozen for 200 ms', 'p99_9', 192_000_000, 0.011),
        part: 'omission',
      },
    ],
    summaries: [
      {
        part: 'theory',
        passed: true,
        sentence: 'staged: 2 of 2 cells within 5 %, at least 2 needed',
      },
      {
        part: 'theory',
        passed: true,
        sentence: 'sharded: 1 of 1 cells within 5 %, at least 1 needed',
      },
      { part: 'aa', passed: true, sentence: 'winners named in 2 of 40 runs, at most 2 allowed' },
      { part: 'omission', passed: true, sentence: '1 of 1 percentiles within 5 %' },
    ],
    identicalRuns: [...identicalRuns('staged', '50%', 1), ...identicalRuns('sharded', '50%', 2)],
    notes: [
      'The band of these runs is in reports/machine.json: run validate again to judge by it.',
    ],
    warnings: [],
  })
}

/** A quick validation that was stopped and in which a check failed. */
export function troubledValidation(): Validation {
  const validation = sampleValidation()
  validation.complete = false
  validation.quick = true
  validation.rows[2] = theoryRow('sharded, 16 servers, 80 %', 'p99', 118_000_000, 0.082)
  validation.rows.pop()
  validation.summaries.pop()
  validation.summaries[1] = {
    part: 'theory',
    passed: false,
    sentence: 'sharded: 0 of 1 cells within 5 %, at least 1 needed',
  }
  validation.identicalRuns = []
  validation.notes = []
  validation.warnings = [
    {
      code: 'noisy',
      message: 'other processes took 7% of the processors’ time',
      cure: 'end them and validate again',
    },
  ]
  return validation
}
