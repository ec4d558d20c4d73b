import { expect, test } from 'vitest'
import { refusePromise } from '../../harness/server/stage-promises.ts'

test('a promise is refused with the stage’s name', () => {
  expect(() => refusePromise('apply', Promise.resolve())).toThrow(
    'a stage returned a promise: stage=apply: run must be synchronous',
  )
})

test.each([[1], ['text'], [null], [{}]])('%j is taken for nothing', (result) => {
  expect(() => refusePromise('apply', result)).not.toThrow()
})
