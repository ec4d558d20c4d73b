import { expect, test } from 'vitest'
import { unsoundReport } from '../../harness/compare/conditions.ts'
import { objectiveReport, sampleReport } from '../render/sample-report.ts'
import { asLoaded } from '../results/scaled-report.ts'

test('a whole report may be compared', () => {
  expect(unsoundReport(asLoaded(sampleReport()))).toBeUndefined()
})

test('an incomplete one, a void one and a search are refused, each with its file', () => {
  const stopped = { ...sampleReport(), complete: false, ending: 'the run was interrupted' }
  expect(unsoundReport(asLoaded(stopped))).toMatchObject({
    kind: 'usage',
    code: 'compare-incomplete',
    message: 'report is incomplete (the run was interrupted): path=new/report.json',
  })
  const wrong = sampleReport()
  wrong.loads[1]!.sets[2]!.trials['sharded']!.void = 'lost update: key=3'
  expect(unsoundReport(asLoaded(wrong))).toMatchObject({
    code: 'compare-void',
    message: 'report has a void trial of sharded (lost update: key=3): path=new/report.json',
  })
  expect(unsoundReport(asLoaded(objectiveReport()))).toMatchObject({
    code: 'compare-loads',
    message: expect.stringContaining('a search made with --slo'),
  })
})
