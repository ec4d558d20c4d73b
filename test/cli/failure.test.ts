import { expect, test } from 'vitest'
import { runError, usageError } from '../../harness/base/errors.ts'
import { exitCodeOf, CannotTell, FailedCheck } from '../../harness/cli/failure.ts'

test.each([
  ['what nobody can tell', new CannotTell('cannot-tell', 'p99', 'again'), 4],
  ['a failed check', new FailedCheck('validation', 'failed', 'again'), 1],
  ['a user’s mistake', usageError('flag', 'wrong', 'right'), 2],
  ['a run that ended early', runError('worker', 'a thread ended'), 3],
  ['a bug', new TypeError('undefined is not a function'), 3],
])('%s has an exit code of its own', (_, thrown, code) => {
  expect(exitCodeOf(thrown)).toBe(code)
})
