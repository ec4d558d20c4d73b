import { expect, test } from 'vitest'
import { breakLabel, plain, wrap } from '../../../harness/render/terminal/text.ts'

test('wraps at words, behind the caller’s indentation', () => {
  expect(wrap('one two three four', 12, 4)).toBe('one two\n    three\n    four')
})

test('labels break behind their signs, or anywhere when they must', () => {
  expect(breakLabel('staged:layout=fused', 10)).toEqual(['staged:', 'layout=', 'fused'])
  expect(breakLabel('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
  expect(breakLabel('sharded', 10)).toEqual(['sharded'])
})

test('control sequences and direction marks are removed', () => {
  expect(plain('a\u001b[31mb\u0007c\u202ed')).toBe('ab c d')
})
