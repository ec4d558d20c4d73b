import { expect, test } from 'vitest'
import { calibrationView } from '../../harness/render/calibrate.ts'
import type { TerminalOptions } from '../../harness/render/terminal/text.ts'
import { terminalView } from '../../harness/render/view/terminal.ts'
import type { Calibration } from '../../harness/results/calibrate.ts'
import { sampleCalibration, troubledCalibration } from './sample-calibration.ts'

const renderCalibration = (result: Calibration, options: TerminalOptions): string =>
  terminalView(calibrationView(result), options)

const plainText = { color: false, columns: 100 }

test('what could not be measured is not available, never zero', () => {
  const text = renderCalibration(troubledCalibration(), plainText)
  expect(text).toMatch(/^ ring, push to pop, spinning +not available/m)
  expect(text).not.toMatch(/ 0(\.0+)? ns/)
})

test('a calibration that was stopped at once says so', () => {
  const calibration = { ...sampleCalibration(), complete: false, rows: [], claims: [] }
  expect(renderCalibration(calibration, plainText).split('\n')).toEqual([
    'What the building blocks cost on this machine',
    'This calibration is incomplete: it did not come to its end.',
    expect.stringContaining('processors 0, 1'),
    'Nothing was measured.',
  ])
})
