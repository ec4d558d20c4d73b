import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { renderCalibration } from '../../harness/render/calibrate.ts'
import { sampleCalibration, troubledCalibration } from './sample-calibration.ts'

const plainText = { color: false, columns: 100 }

test('a calibration on a wide terminal', async () => {
  await expect(renderCalibration(sampleCalibration(), plainText)).toMatchFileSnapshot(
    './snapshots/calibration.txt',
  )
})

test('a calibration that was stopped, on one processor and a narrow terminal', async () => {
  await expect(
    renderCalibration(troubledCalibration(), { color: false, columns: 80 }),
  ).toMatchFileSnapshot('./snapshots/calibration-troubled.txt')
})

test('what could not be measured is not available, never zero', () => {
  const text = renderCalibration(troubledCalibration(), plainText)
  expect(text).toMatch(/^ ring, push to pop, spinning +not available/m)
  expect(text).not.toMatch(/ 0(\.0+)? ns/)
})

test('a calibration that was stopped at once says so', () => {
  const calibration = { ...sampleCalibration(), complete: false, rows: [], claims: [] }
  expect(renderCalibration(calibration, plainText).split('\n').slice(2)).toEqual([
    'Nothing was measured.',
    'This calibration is incomplete: it did not come to its end.',
  ])
})

test('colours change nothing but colours', () => {
  const colored = renderCalibration(troubledCalibration(), { color: true, columns: 100 })
  expect(colored).toContain('\u001b[')
  expect(stripVTControlCharacters(colored)).toBe(
    renderCalibration(troubledCalibration(), plainText),
  )
})

test.each([72, 80, 96, 100])('fits %d columns', (columns) => {
  for (const calibration of [sampleCalibration(), troubledCalibration()]) {
    const text = renderCalibration(calibration, { color: false, columns })
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
    expect(text).not.toContain('…')
  }
})

test('nothing in a calibration can send control sequences to the terminal', () => {
  const calibration = troubledCalibration()
  calibration.rows[0]!.label = '\u001b[2Jgone\r\u0007\u202e'
  calibration.rows[1]!.note = '\u009b31mred'
  calibration.environment.cpu = '\u001b[31mEPYC'
  const text = renderCalibration(calibration, plainText).replaceAll('\n', '')
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})
