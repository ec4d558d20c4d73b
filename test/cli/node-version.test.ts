import { expect, test } from 'vitest'
import { isRecentEnough } from '../../harness/cli/node-version.ts'

test.each([
  ['20.20.2', false],
  ['22.18.0', false],
  ['24.0.0', false],
  ['24.11.9', false],
  ['24.12.0', true],
  ['26.10.0', true],
  ['27.0.0-nightly', true],
])('node %s: %s', (version, isEnough) => {
  expect(isRecentEnough(version)).toBe(isEnough)
})
