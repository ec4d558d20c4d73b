import { globSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { Scenario } from '../../harness/contract/scenario.ts'
import { catalogueSentence, entryText, outcomeWord } from '../../harness/render/catalogue.ts'
import { catalogueSchema, THEMES } from '../../harness/results/catalogue.ts'
import { sampleCatalogue } from './sample-catalogue.ts'

const loads = (confirmed: string[], refuted: string[], undecided: string[]) => ({
  confirmed,
  refuted,
  undecided,
})

test.each([
  [null, 'not tested'],
  [loads(['50%', '80%'], [], []), 'confirmed'],
  [loads(['50%'], [], ['80%']), 'confirmed in part'],
  [loads([], ['50%'], ['80%']), 'refuted'],
  [loads(['20%'], ['50%'], []), 'confirmed in part'],
  [loads([], [], ['80%']), 'undecided'],
])('over all loads %j is %s', (outcome, word) => {
  expect(outcomeWord(outcome)).toBe(word)
})

test('all scenarios are one sentence', () => {
  expect(catalogueSentence(sampleCatalogue())).toBe(
    '4 scenarios: 2 sound, 1 failed, 1 not finished. Predictions: 2 confirmed in part.',
  )
  const { scenarios, ...rest } = sampleCatalogue()
  expect(catalogueSentence({ ...rest, scenarios: scenarios.slice(2, 3) })).toBe(
    '1 scenario: 1 failed.',
  )
})

test('a scenario is its headline and what became of its prediction', () => {
  const [first, , third] = sampleCatalogue().scenarios
  expect(entryText(first!)).toBe(
    'kv-update: sharded is faster: its p99 is 0.3× staged’s.\n  prediction: confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%)',
  )
  expect(entryText(third!)).toBe('my-own: nothing was measured.')
})

test('every scenario of crossover has one of the themes, and every theme has scenarios', async () => {
  const files = globSync('scenarios/*.ts')
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(file).href) as Promise<{ default: Scenario }>),
  )
  const themes = modules.map(({ default: { theme } }) => theme)
  expect(new Set(themes)).toEqual(new Set(THEMES))
})

test('the sample has the schema’s shape', () => {
  expect(catalogueSchema.parse(sampleCatalogue())).toEqual(sampleCatalogue())
})
