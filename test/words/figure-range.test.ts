import { expect, test } from 'vitest'
import { figureRange } from '../../harness/words/format.ts'

test.each([
  [['7 % of 2 cores'], '7 % of 2 cores'],
  [['7 % of 2 cores', '9 % of 2 cores', '7 % of 2 cores'], '7–9 % of 2 cores'],
  [['95.2 % and 84 % answered', '84 % and 107.1 % answered'], '84–95.2 % and 84–107.1 % answered'],
  [['p99 of 1.2 ms, limit 1 ms', 'p99 of 980 µs, limit 1 ms'], 'p99 of 980 µs–1.2 ms, limit 1 ms'],
  [['off by -3 ns', 'off by 2 µs'], 'off by -3 ns–2 µs'],
  [['1,900 of 2,000', '12 of 2,000'], '12–1,900 of 2,000'],
  [['2 s', '2 steps'], '2 s; and 1 more'],
  [['lost', 'lost', 'wrong', 'late'], 'lost; and 2 more'],
])('%j is %j', (figures, range) => {
  expect(figureRange(figures)).toBe(range)
})
