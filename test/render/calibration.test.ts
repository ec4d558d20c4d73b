import { expect, test } from 'vitest'
import { renderCalibration } from '../../harness/render/calibrate.ts'
import { sampleCalibration, troubledCalibration } from './sample-calibration.ts'

const plainText = { color: false, columns: 100 }

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
