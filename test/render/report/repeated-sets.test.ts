import { expect, test } from 'vitest'
import { repeatedSets, selectionWarning } from '../../../harness/render/report/findings.ts'
import { verdictNotes } from '../../../harness/render/report/notices.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { repeatedSet, sampleReport } from '../sample-report.ts'

function repeated(staged: number, sharded: number): Report {
  const report = sampleReport()
  for (let index = 0; index < staged; index++)
    report.loads[0]!.sets[index]!.discarded.push(repeatedSet('staged', 1, ['noise']))
  for (let index = 0; index < sharded; index++)
    report.loads[1]!.sets[index]!.discarded.push(repeatedSet('sharded', 1, ['runtime']))
  return report
}

test('sets that were played again are counted by load, cause and arm, beside the verdicts', () => {
  expect(repeatedSets(repeated(0, 0))).toBeNull()
  expect(repeatedSets(repeated(1, 0))).toBe('1 set was played again (20%: noise of staged ×1)')
  const report = repeated(2, 1)
  const text = '3 sets were played again (20%: noise of staged ×2; 50%: runtime of sharded ×1)'
  expect(repeatedSets(report)).toBe(text)
  expect(verdictNotes(report)[0]).toEqual({ kind: 'text', text, tone: 'muted' })
})

test('before there were rounds it was trials that were repeated', () => {
  const report = { ...repeated(2, 0), rounds: [] }
  expect(repeatedSets(report)).toBe('2 trials were played again (20%: noise of staged ×2)')
})

test.each([
  [3, 0],
  [6, 2],
  [1, 4],
])('%d repeats of one arm and %d of the other may be a selection', (staged, sharded) => {
  const [most, least] = staged > sharded ? ['staged', 'sharded'] : ['sharded', 'staged']
  const [many, few] = [Math.max(staged, sharded), Math.min(staged, sharded)]
  const report = repeated(staged, sharded)
  expect(selectionWarning(report)).toBe(
    `${most} had ${many} repeats, ${least} ${few}: what is left may be a selection, the quieter trials of ${most}`,
  )
  expect(verdictNotes(report)[1]).not.toHaveProperty('tone')
})

test.each([
  [0, 0],
  [2, 0],
  [5, 2],
  [3, 3],
])('%d repeats of one arm and %d of the other are no sign of one', (staged, sharded) => {
  expect(selectionWarning(repeated(staged, sharded))).toBeNull()
})
