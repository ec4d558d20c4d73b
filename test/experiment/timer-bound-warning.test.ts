import { expect, test } from 'vitest'
import { parseRange } from '../../harness/asked/range.ts'
import { timerBoundWarning } from '../../harness/experiment/timer-bound.ts'

const RANGE = parseRange('load=10%..90%', 3, {}, 1)
const late = (tookUs: number) => ({ arm: 'staged', askedNs: 100_000, tookNs: tookUs * 1_000 })

test('names every timer-bound value, and quotes the worst of them', () => {
  const values = [
    { value: 10, timerBound: late(130) },
    { value: 50, timerBound: null },
    { value: 90, timerBound: late(152) },
  ]
  expect(timerBoundWarning(RANGE, values, 'no winner is named there')).toEqual({
    code: 'timer-bound',
    message:
      'timer-bound at load 10%, 90%: waits of 100 µs took 152 µs even in staged at 90%: the lateness of timers and of wake-ups is compared, not the servers: no winner is named there',
    cure: 'declare longer waits, lower the load, or use a machine without a hypervisor',
  })
})

test('of one value it does not say where twice, of none it says nothing', () => {
  const one = timerBoundWarning(RANGE, [{ value: 10, timerBound: late(130) }], 'so it is')
  expect(one?.message).toMatch(
    /^timer-bound at load 10%: waits of 100 µs took 130 µs even in staged: /,
  )
  expect(timerBoundWarning(RANGE, [{ value: 10, timerBound: null }], 'so it is')).toBeNull()
})
