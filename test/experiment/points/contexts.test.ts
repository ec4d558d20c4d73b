import { expect, test } from 'vitest'
import type { ParameterSpecs } from '../../../harness/contract/scenario.ts'
import { parseTwoArms } from '../../../harness/asked/arms.ts'
import { availableCpus } from '../../../harness/asked/cpus.ts'
import { parseRange } from '../../../harness/asked/range.ts'
import { checkPoints, pointContexts } from '../../../harness/experiment/points/contexts.ts'

type PointRequest = Parameters<typeof pointContexts>[0]

const SPECS: ParameterSpecs = {
  stages: {
    kind: 'number',
    default: 4,
    minimum: 1,
    maximum: 9,
    unit: '',
    integer: true,
    description: '',
  },
}

function requestOf(over: string, changes: Partial<PointRequest> = {}): PointRequest {
  return {
    scenario: 'stage-handoff',
    fixed: { workMicros: '1' },
    arms: parseTwoArms('staged,sharded'),
    range: parseRange(over, 3, SPECS, 64),
    cpus: availableCpus(),
    virtualCores: null,
    ...changes,
  }
}

const contextsOf = (over: string, changes: Partial<PointRequest> = {}) =>
  pointContexts(requestOf(over, changes), new AbortController().signal)

test('values differ by their parameter, and by no calibration', async () => {
  const contexts = contextsOf('stages=1..3')
  const [one, other] = [await contexts.at(1), await contexts.at(3)]
  expect(one.loaded.params).toEqual({ stages: 1, workMicros: 1 })
  expect(other.loaded.params).toEqual({ stages: 3, workMicros: 1 })
  expect(other.burnIterationsPerMicro).toBe(one.burnIterationsPerMicro)
  expect(other.clock).toBe(one.clock)
  expect(await contexts.at(1)).toBe(one)
})

test('a varying load has one context', async () => {
  const contexts = contextsOf('load=10%..90%')
  expect(await contexts.at(90)).toBe(await contexts.at(10))
})

test('values whose workloads read alike share one file, which is closed once', async () => {
  const range = parseRange('workMicros=1..3', 3, { workMicros: SPECS['stages']! }, 64)
  const contexts = contextsOf('stages=1..3', {
    scenario: 'io-overlap',
    fixed: { device: 'file' },
    range,
  })
  const [one, other] = [await contexts.at(1), await contexts.at(3)]
  expect(one.blockFile).not.toBeNull()
  expect(other.blockFile).toBe(one.blockFile)
  await contexts.close()
})

test('varying cores are the first processors, or so many virtual ones', async () => {
  const [first] = availableCpus()
  const real = await contextsOf('cores=1..2').at(1)
  expect(real.cores).toEqual([first])
  expect(real.cpus).toEqual([first])
  const waits = { scenario: 'queue-discipline', fixed: {}, virtualCores: 8 }
  const virtual = await contextsOf('cores=1..4', waits).at(3)
  expect(virtual.cores).toEqual([null, null, null])
  expect(virtual.cpus).toEqual(availableCpus())
})

test('what cannot be run with some value is refused before anything is measured', async () => {
  await expect(checkPoints(requestOf('stages=1..9'), [1, 9])).rejects.toMatchObject({
    kind: 'usage',
    code: 'parameter',
  })
  await expect(
    checkPoints(requestOf('stages=1..3', { virtualCores: 2 }), [1]),
  ).rejects.toMatchObject({ kind: 'usage', code: 'virtual-cores' })
  await expect(checkPoints(requestOf('stages=1..3'), [1, 2, 3])).resolves.toBeUndefined()
})
