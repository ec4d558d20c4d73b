import { expect, test } from 'vitest'
import { runError, toSentError, usageError } from '../../harness/base/errors.ts'

test('an error carries kind, code, cure and cause', () => {
  const cause = new Error('reason')
  const mistake = usageError('bad-load', 'load must be positive: load=0', 'say 1000', cause)
  expect(mistake).toMatchObject({
    name: 'CrossoverError',
    kind: 'usage',
    code: 'bad-load',
    message: 'load must be positive: load=0',
    cure: 'say 1000',
    cause,
  })
  expect(runError('void', 'wrong answer')).toMatchObject({ kind: 'run', cure: undefined })
})

test('an error without a cause has no property of that name', () => {
  expect(Object.hasOwn(runError('void', 'wrong answer'), 'cause')).toBe(false)
})

test.each([
  [runError('lock-stuck', 'not released'), { code: 'lock-stuck', message: 'not released' }],
  [new TypeError('not a function'), { code: 'TypeError', message: 'not a function' }],
  ['a mere string', { code: 'unknown', message: 'a mere string' }],
  [undefined, { code: 'unknown', message: 'undefined' }],
])('what is thrown survives the way between threads: %s', (thrown, sent) => {
  expect(structuredClone(toSentError(thrown))).toEqual(sent)
})
