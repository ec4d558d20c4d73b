import { expect, test } from 'vitest'
import { availableCpus, expandCpuList, parseCpus } from '../../harness/asked/cpus.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const AVAILABLE = [0, 1, 2, 3, 8]

test.each([
  ['1', [1]],
  ['0-1', [0, 1]],
  ['0,2', [0, 2]],
  ['8,0-2,1', [0, 1, 2, 8]],
  [' 0 , 3 ', [0, 3]],
  ['2-2', [2]],
])('%j means %j', (text, cpus) => {
  expect(parseCpus(text, AVAILABLE)).toEqual(cpus)
})

test('nothing means every available processor', () => {
  expect(parseCpus(undefined, AVAILABLE)).toEqual(AVAILABLE)
})

test.each([
  ['99', '--cpus 99: not available: 99'],
  ['0-5', '--cpus 0-5: not available: 4, 5'],
  ['0-65535', '--cpus 0-65535: not available: 4, 5, 6 … 65535'],
  ['', '--cpus: not a list of processors: (empty)'],
  ['a', '--cpus: not a list of processors: a'],
  ['1-', '--cpus: not a list of processors: 1-'],
  ['-1', '--cpus: not a list of processors: -1'],
  ['3-1', '--cpus: not a list of processors: 3-1'],
  ['0,,1', '--cpus: not a list of processors: 0,,1'],
  ['1.5', '--cpus: not a list of processors: 1.5'],
  ['0-99999999999', '--cpus: not a list of processors: 0-99999999999'],
])('%j is refused and the available ones are named', (text, message) => {
  const failure = caughtFailure(() => parseCpus(text, AVAILABLE))
  expect(failure.kind).toBe('usage')
  expect(failure.message).toBe(message)
  expect(failure.cure).toBe('available are 0, 1, 2, 3, 8, e.g. --cpus 0,1')
})

test('the kernel’s lists are read', () => {
  expect(expandCpuList('0-3,8')).toEqual(AVAILABLE)
})

test('this process may use at least one processor, in ascending order', () => {
  const cpus = availableCpus()
  expect(cpus.length).toBeGreaterThan(0)
  expect(cpus).toEqual(cpus.toSorted((a, b) => a - b))
})
