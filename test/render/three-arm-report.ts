import { type Report, reportSchema } from '../../harness/results/schema.ts'
import { compare, sampleEstimate } from './sample-estimates.ts'
import { FIRST, sampleReport, sampleTrial, SECOND } from './sample-report.ts'
import { sampleRounds } from './sample-rounds.ts'

const THIRD = 'staged:layout=fused'

/** The sample with the fused layout beside it, with which sharded is compared, too. */
export function threeArmReport(): Report {
  const report = sampleReport()
  const compared = { first: THIRD, second: SECOND }
  report.arms.push({ label: THIRD, architecture: 'staged', options: { layout: 'fused' } })
  report.comparisons.push(compared)
  report.rounds = [...sampleRounds([FIRST, SECOND, THIRD])]
  report.capacity!.sustained[THIRD] = sampleEstimate(
    [290_000, 301_000, 312_000],
    'requests/s',
    0.969,
  )
  report.capacity!.sustainedRatios.push(sampleEstimate([1.74, 1.82, 1.9], '×', 0.969))
  report.capacity!.saturated[THIRD] = sampleEstimate(
    [330_000, 341_000, 352_000],
    'requests/s',
    null,
  )
  for (const load of report.loads) {
    for (const set of load.sets) {
      set.order = [THIRD, ...set.order]
      set.trials[THIRD] = { ...sampleTrial(FIRST, set.round + 20, 60_000), arm: THIRD }
    }
    const ratios = compare(load.sets, THIRD, SECOND)
    const { label } = load
    const sentence = `At ${label.replace('%', ' %')} load ${SECOND}'s p99 is less than ${THIRD}'s: ${SECOND} wins.`
    const verdict = {
      ...load.comparisons[0]!.verdict!,
      winner: SECOND,
      ratio: ratios.p99,
      sentence,
    }
    load.comparisons.push({ ...compared, ratios, verdict, sure: [], orderEffect: null })
  }
  return reportSchema.parse(report)
}
