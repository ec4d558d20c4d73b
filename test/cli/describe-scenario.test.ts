import { expect, test } from 'vitest'
import { describeScenario } from '../../harness/cli/list.ts'
import { TALKATIVE, TERSE } from './sample-scenarios.ts'

const PLAIN = { color: false, columns: 80 }

test('everything that a scenario declares is told', () => {
  expect(describeScenario(TALKATIVE, PLAIN)).toMatchInlineSnapshot(`
    "talkative, claim C42
      What does a scenario look like whose question is so long that it does not fit
      into one line?

    Prediction
      neither wins: nobody knows, and it would take a whole line to say why that is
      so

    Claims, tested by crossover claims
      C42: Good mood makes good servers, and a claim may be longer than a line, too.
          median in a good mood: below 1 ms confirms, above 2 ms refutes
      C43: More is more.
          not testable: there is one machine

    Parameters, set by --param name=value
      keys: an integer from 1 to 1,000,000 keys (default 10,000)
          records stored before the first request, all of which are asked for alike
      mood: one of good, bad (default good)
          how it is

    Compared, unless you say otherwise
      staged,sharded:offload=off on 1 processor of the run, at loads 20%, judged by
      p50

    Commands
      crossover run talkative
      crossover claims talkative
      crossover sweep talkative --over keys=1..1000
      crossover sweep talkative --over load=10%..95%"
  `)
})

test('what a scenario does not declare is left out, or is the default', () => {
  expect(describeScenario(TERSE, PLAIN)).toMatchInlineSnapshot(`
    "terse
      Why?

    Parameters, set by --param name=value
      none

    Compared, unless you say otherwise
      staged,staged:layout=fused,sharded on all processors of the run, at the
      profile’s loads, judged by p99

    Commands
      crossover run terse"
  `)
})

test('virtual cores are told in place of processors', () => {
  const text = describeScenario({ ...TERSE, defaults: { virtualCores: 8 } }, PLAIN)
  expect(text).toContain('staged,staged:layout=fused,sharded on 8 virtual cores')
})

test('commands name a scenario as the user did', () => {
  const text = describeScenario(TALKATIVE, PLAIN, './mine/talkative.ts')
  expect(text).toContain('crossover run ./mine/talkative.ts')
  expect(text).toContain('crossover sweep ./mine/talkative.ts --over keys=1..1000')
})

test('classes of requests are told by the names that --class takes', () => {
  const workload: typeof TERSE.workload = (params) => ({
    ...TERSE.workload(params),
    classes: { by: 'operation', names: ['looking', 'changing'] },
  })
  const text = describeScenario({ ...TERSE, workload }, PLAIN)
  expect(text).toContain('Classes of requests, for --class name\n  looking, changing\n')
})
