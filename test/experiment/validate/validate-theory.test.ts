import { expect, test } from 'vitest'
import { theoryPlan, theoryRow } from '../../../harness/experiment/validate/theory.ts'
import { sampleTrial } from '../sample-trial.ts'

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

test('a percentile of requests that were never answered has failed, however near', () => {
  const trial = sampleTrial()
  const { ns } = trial.percentiles.p99
  expect(theoryRow('staged', 'p99', trial, ns)).toMatchObject({
    passed: true,
    note: 'services took 0 ns longer than asked, counted in',
  })
  trial.percentiles.p99.atLeast = true
  expect(theoryRow('staged', 'p99', trial, ns)).toMatchObject({
    passed: false,
    note: expect.stringContaining('unanswered requests'),
  })
})
