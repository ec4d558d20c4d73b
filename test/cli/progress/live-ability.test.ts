import { expect, test } from 'vitest'
import { canRewrite, liveOptions } from '../../../harness/cli/progress/terminal.ts'

const terminal = { isTTY: true, columns: 80, rows: 24, write: () => true }
const xterm = { TERM: 'xterm-256color', LANG: 'en_GB.UTF-8' }

test('lines are rewritten on a terminal that understands it', () => {
  expect(canRewrite(terminal, xterm)).toBe(true)
  expect(canRewrite({ ...terminal, isTTY: false }, xterm)).toBe(false)
  expect(canRewrite({ write: () => true }, xterm)).toBe(false)
  expect(canRewrite(terminal, { ...xterm, TERM: 'dumb' })).toBe(false)
})

test('a log of continuous integration gets plain lines, also through a pseudo-terminal', () => {
  expect(canRewrite(terminal, { ...xterm, CI: 'true' })).toBe(false)
  expect(canRewrite(terminal, { ...xterm, CI: '' })).toBe(true)
  expect(canRewrite(terminal, { ...xterm, CI: 'false' })).toBe(true)
})

test('a block of lines needs 60 columns and 10 rows', () => {
  expect(liveOptions(terminal, xterm)).toEqual({
    columns: 79,
    rows: 22,
    color: false,
    unicode: true,
  })
  expect(liveOptions({ ...terminal, columns: 60, rows: 10 }, xterm)).not.toBeNull()
  expect(liveOptions({ ...terminal, columns: 59 }, xterm)).toBeNull()
  expect(liveOptions({ ...terminal, rows: 9 }, xterm)).toBeNull()
  expect(liveOptions({ isTTY: true, write: () => true }, xterm)).toBeNull()
})

test('colours are the stream’s to decide: it knows NO_COLOR and FORCE_COLOR', () => {
  expect(liveOptions({ ...terminal, hasColors: () => true }, xterm)?.color).toBe(true)
  expect(liveOptions({ ...terminal, hasColors: () => false }, xterm)?.color).toBe(false)
})

test.each([
  [{ LANG: 'en_GB.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'C' }, false],
  [{ LANG: 'de_DE.ISO-8859-1' }, false],
  [{ LANG: 'en_GB.UTF-8', LC_ALL: 'C' }, false],
  [{ LANG: 'C', LC_CTYPE: 'en_GB.UTF-8' }, true],
  [{ LANG: 'en_GB.UTF-8', LC_ALL: '' }, true],
  [{}, true],
])('the locale decides whether characters beyond ASCII are drawn: %o', (environment, unicode) => {
  expect(liveOptions(terminal, environment)?.unicode).toBe(unicode)
})
