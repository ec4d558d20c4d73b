import { expect, test } from 'vitest'
import {
  longerServices,
  serviceTimesAt,
  theoryPlan,
  theoryRow,
  theorySeconds,
} from '../../../harness/experiment/validate/theory.ts'
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

test('services are longer up to a load, whose trials get the time for as many requests', () => {
  const plan = { servers: [2], utilisations: [0.1, 0.8], seconds: 1, fewestRequests: 100 }
  const long = { ...plan, longServices: { upTo: 0.5, times: 2 } }
  expect([0.1, 0.5, 0.8].map((load) => serviceTimesAt(long, load))).toEqual([2, 2, 1])
  expect(serviceTimesAt(plan, 0.1)).toBe(1)
  // Two architectures; 100 requests of 5 ms are 2.5 s of two servers at 10 %.
  expect(theorySeconds(long) - theorySeconds(plan)).toBeCloseTo(2 * 2.5)
})

test('a percentile of requests that were never answered has failed, however near', () => {
  const trial = sampleTrial()
  const { ns } = trial.percentiles.p99
  expect(theoryRow('staged', 'p99', trial, ns, longerServices(trial, false))).toMatchObject({
    passed: true,
    note: 'services took 0 ns longer than asked, counted in',
  })
  trial.percentiles.p99.atLeast = true
  expect(theoryRow('staged', 'p99', trial, ns, longerServices(trial, false))).toMatchObject({
    passed: false,
    note: expect.stringContaining('unanswered requests'),
  })
})

test('services are as long as they were stamped: late waits, and above 80 % the work beside them', () => {
  const trial = sampleTrial()
  const waits = { count: 10, askedNs: 50_000_000, actualNs: 51_000_000 }
  const counters = { ...trial.counters, declaredWaits: waits }
  const service = { meanNs: 30_000 }
  const stages = [{ service }, { service: null }] as unknown as typeof trial.stages
  expect(longerServices({ counters, stages }, false)).toEqual({ ns: 100_000, ofWorkNs: null })
  const stamped = longerServices({ counters, stages }, true)
  expect(stamped).toEqual({ ns: 130_000, ofWorkNs: 30_000 })
  expect(theoryRow('staged', 'p99', trial, 1, stamped).note).toContain(
    'services took 130 µs longer than asked (30 µs of it work, stamped), counted in',
  )
})
