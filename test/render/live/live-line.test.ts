import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { liveCell, liveLine } from '../../../harness/render/live/line.ts'

const plain = { columns: 20, rows: 8, color: false, unicode: true }

test('a line that is too long is cut at its end, with an ellipsis', () => {
  const pieces = [{ text: 'load 50%' }, { text: ', measuring sharded' }]
  expect(liveLine(pieces, plain)).toBe('load 50%, measuring…')
  expect(liveLine(pieces, { ...plain, unicode: false })).toBe('load 50%, measuring~')
})

test('a line that just fits, and blanks at its end, are not cut', () => {
  expect(liveLine([{ text: 'x'.repeat(20) }], plain)).toBe('x'.repeat(20))
  expect(liveLine([{ text: 'x'.repeat(18) }, { text: '   ' }], plain)).toBe('x'.repeat(18))
})

test('colours do not count, and nothing is coloured behind the cut', () => {
  const pieces = [
    { text: 'x'.repeat(30), style: 'cyan' },
    { text: 'y', style: 'bold' },
  ] as const
  const line = liveLine(pieces, { ...plain, color: true })
  expect(line).toContain('\u001B[36m')
  expect(line).not.toContain('\u001B[1m')
  expect(stripVTControlCharacters(line)).toBe(liveLine(pieces, plain))
})

test('text cannot send control sequences, and takes a column per character', () => {
  const text = '\u001B[2Jgone\r\n\u202E漢字👍é'
  expect(liveLine([{ text }], plain)).toBe('gone ???é')
  expect(liveLine([{ text }], { ...plain, unicode: false })).toBe('gone ????')
})

test('our own signs have a spelling in ASCII', () => {
  const text = '0.31× (0.26–0.38) ÷ 12 µs, p99 ≤ 1 ms'
  expect(liveLine([{ text }], { ...plain, columns: 60, unicode: false })).toBe(
    '0.31x (0.26-0.38) / 12 us, p99 <= 1 ms',
  )
})

test('a cell has the width of its column', () => {
  expect(liveCell('staged', 8, true)).toBe('staged  ')
  expect(liveCell('12 µs', 8, true, 'right')).toBe('   12 µs')
  expect(liveCell('staged:layout=fused', 8, true)).toBe('staged:…')
})
