import { expect, test } from 'vitest'
import { parseHugePages } from '../../harness/measure/environment.ts'

test.each([
  ['always [madvise] never\n', 'madvise'],
  ['[always] madvise never\n', 'always'],
  ['always madvise never\n', null],
  ['', null],
  [null, null],
])('of the choices for huge pages %j the one in brackets is told: %s', (text, choice) => {
  expect(parseHugePages(text)).toBe(choice)
})
