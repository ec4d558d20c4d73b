import { CrossoverError } from '../base/errors.ts'
import type { Scenario } from '../contract/scenario.ts'
import { headline } from '../render/headline.ts'
import { notices } from '../render/notices.ts'
import { predictionLoads, predictionOutcome } from '../render/prediction-outcome.ts'
import type { CatalogueEntry } from '../results/catalogue.ts'
import { pairReport } from '../results/compared-pair.ts'
import type { Report } from '../results/schema.ts'

/** An entry of a scenario that was not measured yet. @param scenario undefined when its file could not be loaded. */
export function emptyEntry(
  name: string,
  asked: string,
  scenario: Scenario | undefined,
): CatalogueEntry {
  return {
    name,
    asked,
    state: 'unfinished',
    folder: null,
    question: scenario?.question ?? null,
    claim: scenario?.claim ?? null,
    prediction: scenario?.prediction ?? null,
    outcome: null,
    outcomeText: null,
    headline: null,
    notices: [],
    failure: null,
  }
}

/** The entry of a scenario that failed, with what its report had by then. */
export function failedEntry(
  entry: CatalogueEntry,
  failure: unknown,
  report?: Report,
): CatalogueEntry {
  const { kind, code, message, cure } = crossoverError(failure)
  return {
    ...entry,
    ...(report && { headline: headline(pairReport(report)), notices: [...notices(report)] }),
    state: 'failed',
    failure: { kind, code, message, cure: cure ?? null },
  }
}

/** The entry of the scenario that was under way when the command was stopped, with what its report had by then. */
export function interruptedEntry(entry: CatalogueEntry, report?: Report): CatalogueEntry {
  if (report === undefined) return entry
  return { ...entry, headline: headline(pairReport(report)), notices: [...notices(report)] }
}

/** The entry of a scenario that was measured, every answer right. */
export function soundEntry(entry: CatalogueEntry, report: Report): CatalogueEntry {
  const pair = pairReport(report)
  const loads = predictionLoads(pair)
  return {
    ...entry,
    state: 'sound',
    outcome: loads && {
      confirmed: [...loads.confirmed],
      refuted: [...loads.refuted],
      undecided: [...loads.undecided],
    },
    outcomeText: predictionOutcome(pair),
    headline: headline(pair),
    notices: [...notices(report)],
  }
}

function crossoverError(failure: unknown): CrossoverError {
  if (failure instanceof CrossoverError) return failure
  const message = failure instanceof Error ? failure.message : String(failure)
  return new CrossoverError('run', 'unexpected', message, undefined, failure)
}
