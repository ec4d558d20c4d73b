/** What the page's address calls the choice of a scenario. */
const ADDRESS_KEY = 'scenario'

/** The id to which `#scenario=<name>` leads, also where no script runs. */
export function scenarioAnchor(scenario: string): string {
  // Half of a surrogate pair, in a file that somebody edited, has no encoding.
  return `${ADDRESS_KEY}=${encodeURIComponent(scenario.toWellFormed())}`
}

/** The value of `data-scenarios`: a list, since a name may hold any character. */
export function scenariosAttribute(scenarios: readonly string[]): string {
  return JSON.stringify(scenarios)
}
