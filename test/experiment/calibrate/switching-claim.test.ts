import { expect, test } from 'vitest'
import {
  Figures,
  judgeSwitching,
  verdictOf,
} from '../../../harness/experiment/calibrate/figures.ts'
import { around, figuresOf } from './figures-of.ts'

const TASKS = {
  callback: around(3),
  'generator-switch': around(10),
  'microtask-switch': around(50),
}

test.each([
  ['confirmed', { lower: 10, upper: 30, level: 0.95 }],
  ['undecided', { lower: 9.99, upper: 30, level: 0.95 }],
  ['undecided', { lower: 9, upper: 10, level: 0.95 }],
  ['refuted', { lower: 2, upper: 9.99, level: 0.95 }],
  ['undecided', { lower: 100, upper: 300, level: 0.9 }],
])('%s: %j', (verdict, interval) => {
  expect(verdictOf({ value: 20, ...interval })).toBe(verdict)
})

test('no ratio decides nothing', () => {
  expect(verdictOf(null)).toBe('undecided')
  expect(judgeSwitching(new Figures()).verdict).toBe('undecided')
})

test('confirmed when both ways to switch threads are dearer than every task switch', () => {
  const claim = judgeSwitching(
    figuresOf({ ...TASKS, 'thread-hop': around(40_000), 'thread-switch': around(4_000) }),
  )
  expect(claim).toMatchObject({ id: 'C15', threshold: 10, verdict: 'confirmed' })
  expect(claim.comparisons).toHaveLength(6)
  // Half of the round trip against one switch.
  expect(claim.comparisons[0]?.ratio?.value).toBeCloseTo(20_000 / 3)
  expect(claim.comparisons[0]?.ratio?.n).toBe(9)
})

test('refuted by one task switch that is too dear', () => {
  const tasks = { ...TASKS, 'microtask-switch': around(500) }
  const claim = judgeSwitching(
    figuresOf({ ...tasks, 'thread-hop': around(40_000), 'thread-switch': around(4_000) }),
  )
  expect(claim.verdict).toBe('refuted')
  expect(claim.comparisons.filter(({ verdict }) => verdict === 'refuted')).toHaveLength(1)
})

test('undecided with too few rounds', () => {
  const few = { callback: around(3, 5), 'thread-hop': around(40_000, 5) }
  expect(judgeSwitching(figuresOf(few)).verdict).toBe('undecided')
})

test('what this machine cannot measure says nothing', () => {
  const claim = judgeSwitching(figuresOf({ ...TASKS, 'thread-hop': around(40_000) }))
  expect(claim.verdict).toBe('confirmed')
  expect(claim.comparisons.filter(({ ratio }) => ratio === null)).toHaveLength(3)
})
