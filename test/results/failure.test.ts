import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type JsonPlace, jsonPlace } from '../../harness/results/failure.ts'

function placeIn(text: string): JsonPlace | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return jsonPlace(text, error)
  }
}

test.each([
  ['nothing', '', { isCutOff: true, where: 'byte 1 (line 1, column 1)' }],
  [
    'a text cut in an object',
    '{\n "a": 1',
    { isCutOff: true, where: 'byte 10 (line 2, column 8)' },
  ],
  ['a text cut in a string', '{"a":"µ', { isCutOff: true, where: 'byte 9 (line 1, column 8)' }],
  ['a comma too many', '{"a":1,\n}', { isCutOff: false, where: 'byte 9 (line 2, column 1)' }],
  [
    'no number near the beginning',
    '{"µ":NaN, "something": "that follows it"}',
    { isCutOff: false, where: 'byte 7 (line 1, column 6)' },
  ],
  [
    'no number in the middle',
    '{"something": "before",\n "it": NaN, "something": "behind"}',
    { isCutOff: false, where: 'byte 32 (line 2, column 8)' },
  ],
  [
    'no number near the end',
    '{"something": "before",\n "it": NaN}',
    { isCutOff: false, where: 'byte 32 (line 2, column 8)' },
  ],
  ['a short text that is none', 'hello', { isCutOff: false, where: null }],
])('tells the place in %s', (_, text, place) => {
  expect(placeIn(text)).toEqual(place)
})

test('a cut of any JSON object is told as one, at its end', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, at) => {
      const whole = JSON.stringify({ key: JSON.parse(json) }, undefined, 1)
      const cut = whole.slice(0, at % whole.length)
      // The end of a word such as `tru` is quoted, which is no cut to the engine.
      fc.pre(!/[a-z]$/.test(cut) || /"[^"]*$/.test(cut))
      expect(placeIn(cut)?.isCutOff).toBe(true)
    }),
  )
})
