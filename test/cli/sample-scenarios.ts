import type { Scenario } from '../../harness/contract/scenario.ts'
import { acknowledge, eachAnswerRight } from '../../harness/workload/handlers.ts'

const parts: Pick<Scenario, 'workload' | 'stages' | 'verify'> = {
  workload: () => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  }),
  stages: () => [{ name: 'serve', codec: 'both', run: acknowledge }],
  verify: eachAnswerRight,
}

/** A scenario that declares everything that can be told of one. */
export const TALKATIVE: Scenario = {
  ...parts,
  name: 'talkative',
  question:
    'What does a scenario look like whose question is so long that it does not fit into one line?',
  claim: 'C42',
  prediction: {
    winner: 'none',
    because: 'nobody knows, and it would take a whole line to say why that is so',
  },
  params: {
    keys: {
      kind: 'number',
      default: 10_000,
      minimum: 1,
      maximum: 1_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request, all of which are asked for alike',
    },
    mood: { kind: 'choice', default: 'good', choices: ['good', 'bad'], description: 'how it is' },
  },
  defaults: { arms: 'staged,sharded:offload=off', loads: '20%', metric: 'p50', cores: 1 },
  sweeps: ['keys=1..1000', 'load=10%..95%'],
  criteria: [
    {
      id: 'C42',
      claim: 'Good mood makes good servers, and a claim may be longer than a line, too.',
      cells: { good: { arm: 'staged', load: '20%' } },
      figures: [
        {
          name: 'median in a good mood',
          unit: 'ms',
          of: { cell: 'good', metric: 'p50' },
          confirmed: { below: 1 },
          refuted: { above: 2 },
        },
        { name: 'p99', unit: 'ms', of: { cell: 'good', metric: 'p99' } },
      ],
    },
    { id: 'C43', claim: 'More is more.', untestable: 'there is one machine' },
  ],
}

/** One that says no more than it must. */
export const TERSE: Scenario = { ...parts, name: 'terse', question: 'Why?', params: {} }
