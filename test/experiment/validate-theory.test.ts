import { expect, test } from 'vitest'
import { theoryPlan } from '../../harness/experiment/validate-theory.ts'

test('a quick validation measures a part of the full one', () => {
  const [quick, full] = [theoryPlan(true), theoryPlan(false)]
  expect(full.servers).toEqual(expect.arrayContaining([...quick.servers]))
  expect(full.utilisations).toEqual(expect.arrayContaining([...quick.utilisations]))
  expect(quick.seconds).toBeLessThan(full.seconds)
})

test.each([true, false])('every server keeps up with what is asked of it (quick: %s)', (quick) => {
  const { servers, utilisations } = theoryPlan(quick)
  expect(Math.min(...servers)).toBeGreaterThan(1)
  for (const utilisation of utilisations) {
    expect(utilisation).toBeGreaterThan(0)
    expect(utilisation).toBeLessThan(1)
  }
})
