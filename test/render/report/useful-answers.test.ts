import { expect, test } from 'vitest'
import { usefulSections } from '../../../harness/render/report/useful-answers.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { FIRST, sampleReport } from '../sample-report.ts'

/** Loads of which each trial had these answers; sharded's as many, half of them useful. */
function overloaded(): Report {
  const report = sampleReport()
  report.run.within = { asked: '10x', ns: 20_000_000 }
  const loads = [
    { label: '100%-of-each', due: 1_000, completed: 990, refused: 0, useful: 900 },
    { label: '300%-of-each', due: 3_000, completed: 1_200, refused: 1_700, useful: 810 },
  ]
  report.loads = report.loads.slice(0, 2)
  for (const [index, { label, due, completed, refused, useful }] of loads.entries()) {
    const load = report.loads[index]!
    load.label = label
    load.offeredPerSecond = due
    for (const { trials } of load.sets)
      for (const [arm, trial] of Object.entries(trials))
        Object.assign(trial, {
          steadySeconds: 1,
          counts: { due, completed, refused, unanswered: due - completed - refused },
          useful: { withinNs: 20_000_000, count: arm === FIRST ? useful : useful / 2 },
        })
  }
  return report
}

function textOf(report: Report): string {
  const subject = { report, pair: pairReport(report), medium: 'terminal' as const }
  return JSON.stringify(usefulSections(subject), undefined, 1)
}

test('what became of the requests is told for each arm at each load, beside what it did at 100 %', () => {
  const text = textOf(overloaded())
  expect(text).toContain(
    'useful within 20 ms of the instant at which its request was due, 10 times the largest p99 of any arm at the first load',
  )
  expect(text).toContain(
    '"of 1.00k/s asked 90% useful (900/s), 9% late, 0% refused, 1% never answered."',
  )
  expect(text).toContain(
    '"of 3.00k/s asked 27% useful (810/s), 13% late, 56.7% refused, 3.3% never answered; 0.90× (0.90–0.90) of its goodput at 100%-of-each."',
  )
  expect(text).toContain('13.5% useful (405/s)')
})

test('an arm that answered nothing in time has a share of 0, and none without a load of 100 %', () => {
  const report = overloaded()
  for (const { trials } of report.loads[1]!.sets) trials[FIRST]!.useful!.count = 0
  expect(textOf(report)).toContain('0% useful (0/s)')
  expect(textOf(report)).toContain('; nothing of its goodput at 100%-of-each')
  report.loads[0]!.label = '90%'
  expect(textOf(report)).not.toContain('of its goodput')
})

test('nothing is told of a run that states no time', () => {
  const report = sampleReport()
  const subject = { report, pair: pairReport(report), medium: 'page' as const }
  expect(usefulSections(subject)).toEqual([])
})
