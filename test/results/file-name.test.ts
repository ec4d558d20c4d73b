import { expect, test } from 'vitest'
import { fileNameFor, fileNamesFor } from '../../harness/results/files.ts'

test.each([
  ['staged', 'staged'],
  ['staged:layout=fused,batch=8', 'staged-layout-fused-batch-8'],
  ['../../etc/passwd', 'etc-passwd'],
  ['<img src=x onerror=alert(1)>', 'img-src-x-onerror-alert-1'],
  ['..', 'unnamed'],
  ['', 'unnamed'],
  ['a\nb\0c', 'a-b-c'],
])('%j becomes the file name %s', (label, name) => {
  expect(fileNameFor(label)).toBe(name)
})

test('a long label is cut', () => {
  expect(fileNameFor('x'.repeat(500))).toHaveLength(80)
})

test('different labels get different names, even where case does not count', () => {
  const names = fileNamesFor(['a:b', 'a=b', 'A/B'])
  expect([...names.values()]).toEqual(['a-b', 'a-b-2', 'A-B-3'])
})
