import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { scenarioTable } from '../../harness/cli/list.ts'
import { TALKATIVE, TERSE } from './sample-scenarios.ts'

const PLAIN = { color: false, columns: 80 }

test('a table has claims first, each with its question broken at 80 columns', () => {
  expect(scenarioTable([TERSE, TALKATIVE], PLAIN)).toMatchInlineSnapshot(`
    "claim     scenario   question
    C42, C43  talkative  What does a scenario look like whose question is so long
                         that it does not fit into one line?
    –         terse      Why?

    \`crossover list <name>\` says everything about a scenario: claims, prediction,
    parameters, sweeps; \`crossover claims <claim>\` tests a claim."
  `)
})

test('no line of it is longer than the terminal is wide', () => {
  for (const columns of [72, 80, 100]) {
    const lines = scenarioTable([TERSE, TALKATIVE], { color: false, columns }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
  }
})

test('scenarios of one claim are in the order of their names', () => {
  const named = ['b', 'c', 'a'].map((name) => ({ ...TALKATIVE, name }))
  const names = [...scenarioTable(named, PLAIN).matchAll(/^C42, C43 +(\w)/gm)].map(
    (match) => match[1],
  )
  expect(names).toEqual(['a', 'b', 'c'])
})

test('several claims of one scenario do not push its name away', () => {
  const table = scenarioTable([TERSE, { ...TALKATIVE, claim: 'C09, C17' }], PLAIN)
  const places = table
    .split('\n')
    .slice(0, 2)
    .map((line) => line.search(/scenario|talkative/))
  expect(places[0]).toBe(places[1])
})

test('claims that criteria of it test stand beside the one that it is about', () => {
  const criteria = ['C41', 'C43-staged', 'C43-sharded'].map((id) => ({
    id,
    claim: 'Why not?',
    untestable: 'it is a sample',
  }))
  const table = scenarioTable([TERSE, { ...TALKATIVE, criteria }], PLAIN)
  expect(table).toMatch(/^C41, C42, C43 {2}talkative {2}What/m)
})

test('colours change nothing but colours', () => {
  const coloured = scenarioTable([TERSE, TALKATIVE], { color: true, columns: 80 })
  expect(coloured).not.toBe(stripVTControlCharacters(coloured))
  expect(stripVTControlCharacters(coloured)).toBe(scenarioTable([TERSE, TALKATIVE], PLAIN))
})
