import { expect, test } from 'vitest'
import { parseUntil } from '../../harness/asked/quantities.ts'

test('is a share, in percent or as a number', () => {
  expect(['10%', '0.05', '1%', '50%'].map(parseUntil)).toEqual([0.1, 0.05, 0.01, 0.5])
})

test.each(['', '0', '0.5%', '60%', '1', '-1%', 'narrow'])('%j is refused with a cure', (text) => {
  expect(() => parseUntil(text)).toThrow(
    expect.objectContaining({ kind: 'usage', code: 'until', cure: expect.stringContaining('5%') }),
  )
})
