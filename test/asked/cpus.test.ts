import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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
  expect(parseCpus(undefined, AVAILABLE, null)).toEqual(AVAILABLE)
  expect(parseCpus(undefined, AVAILABLE, Infinity)).toEqual(AVAILABLE)
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

test.each([
  [2, [0, 1]],
  [2.9, [0, 1]],
  [0.5, [0]],
  [64, AVAILABLE],
])('nothing, where the control group allows %s processors, means as many', (limit, cpus) => {
  expect(parseCpus(undefined, AVAILABLE, limit)).toEqual(cpus)
  expect(parseCpus('0-3', AVAILABLE, limit)).toEqual([0, 1, 2, 3])
})

const STATUS = 'proc/self/status'
const ONLINE = 'sys/devices/system/cpu/online'
const ALL = Array.from({ length: availableParallelism() }, (_, cpu) => cpu)

test.each<[string, Record<string, string>, readonly number[]]>([
  [
    'possible ones that are not online',
    { [STATUS]: 'Cpus_allowed_list:\t0-7', [ONLINE]: '0-1' },
    [0, 1],
  ],
  [
    'online ones that are not allowed',
    { [STATUS]: 'Cpus_allowed_list:\t2,5', [ONLINE]: '0-7' },
    [2, 5],
  ],
  ['holes', { [STATUS]: 'Cpus_allowed_list:\t0-5', [ONLINE]: '0,2-3' }, [0, 2, 3]],
  [
    'no /sys, and /proc/stat',
    { [STATUS]: 'Cpus_allowed_list:\t0-7', 'proc/stat': 'cpu  1 2\ncpu0 1 2\ncpu3 1 2\nintr 1' },
    [0, 3],
  ],
  ['a mask alone', { [STATUS]: 'Cpus_allowed_list:\t1-2' }, [1, 2]],
  ['processors numbered anew', { [STATUS]: 'Cpus_allowed_list:\t4-5', [ONLINE]: '0-1' }, [4, 5]],
  ['nothing to read', {}, ALL],
])('available are those that are allowed and online: %s', (_, files, cpus) => {
  const root = mkdtempSync(join(tmpdir(), 'crossover-cpus-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${text}\n`)
  }
  expect(availableCpus(root)).toEqual(cpus)
  rmSync(root, { recursive: true })
})
