import { expect, test } from 'vitest'
import { buildInTime } from '../../harness/scenario/check.ts'

test('returns what the builder returns, itself', () => {
  const built = { stages: [{ run: () => 1 }] }
  expect(buildInTime(() => built)).toBe(built)
  const fresh = buildInTime(() => ({ list: [1] }))
  expect(fresh).toBeInstanceOf(Object)
  expect(fresh.list).toBeInstanceOf(Array)
})

test('throws what the builder throws, itself', () => {
  const failure = new TypeError('no workload today')
  const build = (): never => {
    throw failure
  }
  expect(() => buildInTime(build)).toThrow(failure)
})

test.each([
  [
    'loop',
    () => {
      for (;;);
    },
  ],
  [
    'loop that catches everything',
    () => {
      for (;;) {
        try {
          for (;;);
        } catch {}
      }
    },
  ],
])('an endless %s is interrupted', (_, build) => {
  expect(() => buildInTime(build, 0.05)).toThrow('it did not return within 0.05 s')
})
