import { expect, test } from 'vitest'
import { virtualCoresNotice } from '../../harness/render/virtual-cores.ts'
import { objectiveReport, sampleReport } from './sample-report.ts'

test('virtual cores are never taken for processors', () => {
  expect(virtualCoresNotice(sampleReport())).toBeNull()
  expect(virtualCoresNotice(objectiveReport())).toBe(
    '8 virtual cores on 2 processors: services are waits; costs of handoffs are not those of 8 cores.',
  )
})
