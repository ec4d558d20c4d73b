import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codeBlock, markdownTable, markdownText } from '../../../harness/render/view/markdown.ts'

test.each([
  ['<img src=x onerror=alert(1)>', String.raw`\<img src=x onerror=alert(1)\>`],
  ['a | b', String.raw`a \| b`],
  ['**bold** _low_ `code` ~~out~~', '\\*\\*bold\\*\\* \\_low\\_ \\`code\\` \\~\\~out\\~\\~'],
  ['[text](place) ![image](place)', String.raw`\[text\](place) \!\[image\](place)`],
  ['back\\slash', String.raw`back\\slash`],
  ['&lt; $x$', String.raw`\&lt; \$x\$`],
  ['two\nlines\t\u001B[31mred', 'two lines red'],
  ['# heading', String.raw`\# heading`],
  ['- item', String.raw`\- item`],
  ['+ item', String.raw`\+ item`],
  ['===', String.raw`\===`],
  ['1. item', String.raw`1\. item`],
  ['10) item', String.raw`10\) item`],
  ['10.5 µs', '10.5 µs'],
  ['-3', String.raw`\-3`],
  ['kv-update at 50%: 0.31× (0.26–0.38)', 'kv-update at 50%: 0.31× (0.26–0.38)'],
])('%j becomes text', (text, markdown) => {
  expect(markdownText(text)).toBe(markdown)
})

test.each([
  ['thanks @octocat', 'thanks @<!-- -->octocat'],
  ['fixes #12', String.raw`fixes \#<!-- -->12`],
  ['see https://example.org', 'see https:/<!-- -->/example.org'],
  ['see www.example.org', 'see www<!-- -->.example.org'],
  ['CPU @ 2.60GHz', 'CPU @ 2.60GHz'],
])('%j notifies nobody and links nowhere', (text, markdown) => {
  expect(markdownText(text)).toBe(markdown)
})

test('any text stays one cell of a table', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const [, , row = ''] = markdownTable(['name', 'value'], [[text, 'x']]).split('\n')
      // A bar that no backslash escapes ends a cell.
      expect(row.replaceAll(/\\./gsu, '').match(/\|/g)).toHaveLength(3)
      expect(row).toMatch(/ \| x \|$/)
    }),
  )
})

test('a table has its first column to the left and the others to the right', () => {
  expect(markdownTable(['', 'a'], [['p50', '1 µs']])).toBe(
    ['|  | a |', '| :-- | --: |', '| p50 | 1 µs |'].join('\n'),
  )
})

test.each([
  ['npx crossover run', '```sh\nnpx crossover run\n```'],
  ['echo ```', '````sh\necho ```\n````'],
  ['one\n```\ntwo', '````sh\none ``` two\n````'],
])('%j cannot leave its block of code', (text, block) => {
  expect(codeBlock('sh', text)).toBe(block)
})
