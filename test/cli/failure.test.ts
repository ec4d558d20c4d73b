import { expect, test, vi } from 'vitest'
import { runError, usageError } from '../../harness/base/errors.ts'
import {
  exitCodeOf,
  CannotTell,
  FailedCheck,
  watchInterruption,
} from '../../harness/cli/failure.ts'

test.each([
  ['what nobody can tell', new CannotTell('cannot-tell', 'p99', 'again'), 4],
  ['a failed check', new FailedCheck('validation', 'failed', 'again'), 1],
  ['a user’s mistake', usageError('flag', 'wrong', 'right'), 2],
  ['a run that ended early', runError('worker', 'a thread ended'), 3],
  ['a bug', new TypeError('undefined is not a function'), 3],
])('%s has an exit code of its own', (_, thrown, code) => {
  expect(exitCodeOf(thrown)).toBe(code)
})

test('a terminal that goes away ends a command like SIGTERM, however often it is told', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { signal, stop } = watchInterruption({ end() {} })
  process.emit('SIGHUP')
  expect(signal.aborted).toBe(true)
  process.emit('SIGHUP')
  stop()
  vi.restoreAllMocks()
})

test('the second Ctrl-C says so, and leaves nothing empty behind', () => {
  const told: string[] = []
  vi.spyOn(console, 'error').mockImplementation((text) => void told.push(String(text)))
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
  const abandon = vi.fn<() => void>()
  const { stop } = watchInterruption({ end() {} }, undefined, abandon)
  process.emit('SIGINT')
  expect(abandon).not.toHaveBeenCalled()
  process.emit('SIGINT')
  stop()
  expect(abandon).toHaveBeenCalledOnce()
  expect(exit).toHaveBeenCalledWith(3)
  expect(told[1]).toMatch(/^stopped at once/)
  vi.restoreAllMocks()
})
