import { expect, test } from 'vitest'
import { scenarioJson } from '../../harness/cli/list.ts'
import { TALKATIVE, TERSE } from './sample-scenarios.ts'

const url = 'file:///somewhere.ts'

test('JSON has all that scenarios declare, and null where they say nothing', () => {
  const loaded = [TALKATIVE, TERSE].map((scenario) => ({ url, scenario, params: {} }))
  const { name, question, claim, prediction, params, defaults, sweeps, criteria } = TALKATIVE
  expect(JSON.parse(scenarioJson(loaded))).toEqual([
    {
      name,
      question,
      claim,
      theme: null,
      prediction,
      params,
      defaults,
      classes: [],
      sweeps,
      criteria,
      url,
    },
    {
      name: 'terse',
      question: 'Why?',
      claim: null,
      theme: null,
      prediction: null,
      params: {},
      defaults: null,
      classes: [],
      sweeps: [],
      criteria: [],
      url,
    },
  ])
})
