import type { LoadedScenario } from '../experiment/run-request.ts'

/** What `list --json` prints: an array with everything that the scenarios declare; null where one says nothing. */
export function scenarioJson(loaded: readonly LoadedScenario[]): string {
  const entries = loaded.map(({ url, scenario }) => {
    const { name, question, claim = null, prediction = null, params } = scenario
    const { defaults = null, sweeps = [] } = scenario
    return { name, question, claim, prediction, params, defaults, sweeps, url }
  })
  return JSON.stringify(entries, undefined, 2)
}
