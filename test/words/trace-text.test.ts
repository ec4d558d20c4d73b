import { expect, test } from 'vitest'
import { traceText } from '../../harness/render/report/provenance.ts'
import { reportSchema } from '../../harness/results/schema.ts'
import { sampleReport } from '../render/sample-report.ts'
import { renderHtml, renderTerminal } from '../../harness/render/report/render.ts'

const PLAYED = sampleReport()
PLAYED.run.trace = {
  file: 'shop <1>.csv',
  sha256: '0123456789abcdef',
  requests: 12_345,
  keys: 678,
  perSecond: 1_234.5,
}
const TEXT =
  'shop <1>.csv (SHA-256 0123456789abcdef…): 12,345 requests of 678 keys, 1.23k/s by themselves'

test('a log is told with its name, size, hash and pace', () => {
  expect(traceText(PLAYED)).toBe(TEXT)
  expect(traceText(sampleReport())).toBeNull()
})

test('terminal and page tell it, and say nothing of drawn requests', () => {
  const options = { color: false, columns: 100 }
  expect(renderTerminal(PLAYED, options)).toContain(`Requests\n  ${TEXT}`)
  expect(renderTerminal(sampleReport(), options)).not.toContain('Requests\n')
  expect(renderHtml(PLAYED)).toContain('shop &lt;1&gt;.csv (SHA-256 0123456789abcdef…)')
})

test('a report with a log is saved and read again', () => {
  expect(reportSchema.parse(JSON.parse(JSON.stringify(PLAYED))).run.trace).toEqual(PLAYED.run.trace)
})

test('it says where each round began and how fast its requests were', () => {
  const report = sampleReport()
  report.run.trace = PLAYED.run.trace!
  const [load] = report.loads
  report.loads = [load!]
  load!.sets = load!.sets.slice(0, 2)
  load!.sets.forEach((set, round) => {
    set.part = {
      fromSeconds: 12.34 * (round + 1),
      requests: 1_000 * (round + 1) * report.run.durationSeconds,
    }
  })
  expect(traceText(report)).toBe(
    `${TEXT}; at ${load!.label} rounds began at 12.3, 24.7 s of it and had 1.00k/s to 2.00k/s`,
  )
  expect(reportSchema.parse(report).loads[0]!.sets[0]!.part).toEqual(load!.sets[0]!.part)
})
