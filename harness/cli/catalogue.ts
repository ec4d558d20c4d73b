import { monotonicOriginNs, ThreadClock, wallClock } from '../base/clock.ts'
import { CrossoverError, runError, usageError } from '../base/errors.ts'
import { drawSeed } from '../base/random.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import type { Scenario } from '../contract/scenario.ts'
import type { Planned } from '../experiment/rounds/pacing.ts'
import type { RunRequest } from '../experiment/run/request.ts'
import {
  catalogueFigures,
  catalogueSentence,
  entryText,
  renderCataloguePage,
} from '../render/catalogue.ts'
import { headline, notices, predictionLoads, predictionOutcome } from '../render/report/notices.ts'
import { textColumns, wrap } from '../render/terminal/text.ts'
import {
  type Catalogue,
  CATALOGUE_SCHEMA_VERSION,
  type CatalogueEntry,
} from '../results/catalogue.ts'
import { pairReport } from '../results/compared-pair.ts'
import { MeasurementFolder } from '../results/folder.ts'
import type { Report } from '../results/schema.ts'
import { scenarioNameOf } from '../scenario/load.ts'
import { counted } from '../words/format.ts'
import { type AfterRun, afterRunJson, compareAfterRun, concludeAfterRun } from './baseline.ts'
import { commandLine, singleCommand } from './command-line.ts'
import { measureRun, runFailure, summarise } from './execute-run.ts'
import { printFailure, watchInterruption } from './failure.ts'
import { printJson, printPlan, stdoutOptions } from './output.ts'
import { createProgress, type Progress } from './progress/run.ts'
import { waitForQuiet } from './quiet.ts'
import type { RunFlags } from './run-flags.ts'
import { buildRequest, checkFlags } from './run-request.ts'

/** An entry of a scenario that was not measured yet. @param scenario undefined when its file could not be loaded. */
function emptyEntry(name: string, asked: string, scenario: Scenario | undefined): CatalogueEntry {
  return {
    name,
    asked,
    state: 'unfinished',
    folder: null,
    question: scenario?.question ?? null,
    claim: scenario?.claim ?? null,
    theme: scenario?.theme ?? null,
    prediction: scenario?.prediction ?? null,
    outcome: null,
    outcomeText: null,
    headline: null,
    figures: null,
    notices: [],
    failure: null,
  }
}

/** The entry of a scenario that failed, with what its report had by then. */
function failedEntry(entry: CatalogueEntry, failure: unknown, report?: Report): CatalogueEntry {
  const { kind, code, message, cure } = crossoverError(failure)
  return {
    ...entry,
    ...(report && toldOf(report)),
    state: 'failed',
    failure: { kind, code, message, cure: cure ?? null },
  }
}

/** What an entry has of a report, whole or not. */
function toldOf(report: Report): Pick<CatalogueEntry, 'headline' | 'notices'> {
  return { headline: headline(pairReport(report)), notices: [...notices(report)] }
}

/** The entry of a scenario that was measured, every answer right. */
function soundEntry(entry: CatalogueEntry, report: Report): CatalogueEntry {
  const loads = predictionLoads(report)
  return {
    ...entry,
    state: 'sound',
    outcome: loads && {
      confirmed: [...loads.confirmed],
      refuted: [...loads.refuted],
      undecided: [...loads.undecided],
    },
    outcomeText: predictionOutcome(report),
    ...toldOf(report),
    figures: catalogueFigures(pairReport(report)),
  }
}

function crossoverError(failure: unknown): CrossoverError {
  if (failure instanceof CrossoverError) return failure
  const message = failure instanceof Error ? failure.message : String(failure)
  return new CrossoverError('run', 'unexpected', message, undefined, failure)
}

/**
 * Runs several scenarios, one after the other, each as a run of its own, and keeps an index of them. One that fails is
 * told and the others go on; Ctrl-C ends all and keeps what is there.
 * @param names names or paths. @param args the command line.
 * @throws CrossoverError when one failed: of kind `usage` when all that failed were mistakes in scenario files, else `run`.
 */
export async function executeAll(
  names: readonly string[],
  flags: RunFlags,
  args: readonly string[],
): Promise<void> {
  checkFlags(flags)
  if (flags.verbose) {
    throw usageError(
      'conflict',
      `--verbose and ${counted(names.length, 'scenario')} exclude each other`,
      'leave out --verbose: a line is printed of each; crossover report <folder> --verbose prints all of one',
    )
  }
  refuseNameTwice(names)
  const seeded = { ...flags, seed: flags.seed ?? drawSeed() }
  const run = new CatalogueRun(names, seeded, commandLine(args, flags, seeded.seed), (name) =>
    singleCommand(args, names, name),
  )
  await run.checkAll()
  await run.measureAll()
  const afterRun = run.compareWithBaseline()
  run.printResult(afterRun)
  run.throwFailure()
  concludeAfterRun(afterRun, flags)
}

/** Reports lie in folders of the scenarios' names. */
function refuseNameTwice(names: readonly string[]): void {
  const scenarioNames = names.map(scenarioNameOf)
  const second = scenarioNames.findIndex((name, index) => scenarioNames.indexOf(name) < index)
  if (second === -1) return
  const name = scenarioNames[second]!
  const first = names[scenarioNames.indexOf(name)]!
  throw usageError(
    'scenario-twice',
    `two scenarios have the name ${name}: ${first} and ${names[second]}`,
    'leave one out, or rename its file and the name in it',
  )
}

/** Lines as wide as stdout shows them; what goes on below stands two columns further in. */
function printWrapped(text: string): void {
  const columns = textColumns(stdoutOptions())
  for (const line of text.split('\n')) {
    const words = line.trimStart()
    const indent = line.length - words.length
    console.log(' '.repeat(indent) + wrap(words, columns, indent + 2))
  }
}

/** Scenarios, the growing catalogue, and the folder in which both are kept. */
class CatalogueRun {
  readonly #names: readonly string[]
  readonly #flags: RunFlags
  readonly #argsOf: (name: string) => readonly string[]
  readonly #clock = new ThreadClock(monotonicOriginNs())
  readonly #startedAt = wallClock()
  readonly #catalogue: Catalogue
  /** What `--json` prints of each report, by scenario name. */
  readonly #summaries = new Map<string, object>()
  #folder: MeasurementFolder<Catalogue> | undefined
  /** Of the scenario that is measured. */
  #progress: Progress | undefined
  /** One for each scenario; undefined where its file is wrong. */
  readonly #requests: (Planned<RunRequest> | undefined)[] = []

  constructor(
    names: readonly string[],
    flags: RunFlags & { readonly seed: number },
    command: string,
    argsOf: (name: string) => readonly string[],
  ) {
    this.#names = names
    this.#flags = flags
    this.#argsOf = argsOf
    this.#catalogue = {
      schemaVersion: CATALOGUE_SCHEMA_VERSION,
      complete: false,
      ending: null,
      startedAt: this.#startedAt.toISOString(),
      elapsedSeconds: 0,
      command,
      seed: flags.seed,
      profile: flags.profile,
      environment: null,
      scenarios: [],
    }
  }

  /** Loads every file, so that mistakes are told before anything is measured, and sums up the plan. */
  async checkAll(): Promise<void> {
    const { scenarios } = this.#catalogue
    for (const [index, asked] of this.#names.entries()) {
      const name = scenarioNameOf(asked)
      try {
        const request = await this.#request(index)
        scenarios.push(emptyEntry(name, asked, request.loaded.scenario))
        this.#requests[index] = request
      } catch (failure) {
        printFailure(failure)
        scenarios.push(failedEntry(emptyEntry(name, asked, undefined), failure))
      }
    }
  }

  /** Made once; over real sockets anew before its run: it holds the ports that were free when it was made. */
  async #request(index: number): Promise<Planned<RunRequest>> {
    const made = this.#requests[index]
    if (made?.transport.kind === 'replay') return made
    const asked = this.#names[index]!
    return buildRequest(asked, this.#flags, this.#argsOf(asked))
  }

  async measureAll(): Promise<void> {
    const waiting = this.#catalogue.scenarios.filter(({ state }) => state === 'unfinished').length
    // A command whose every file is wrong leaves nothing behind.
    if (waiting === 0) {
      this.#catalogue.complete = true
      return
    }
    this.#folder = MeasurementFolder.create('catalogue', {
      parentFolder: this.#flags.out,
      startedAt: this.#startedAt,
    })
    const requests = this.#requests.filter((request) => request !== undefined)
    const cpus = [...new Set(requests.flatMap((request) => request.cpus))]
    const answersOnly = requests.every((request) => request.answersOnly === true)
    // Once: who goes on in spite of what disturbs is not asked for each of them.
    await waitForQuiet({ cpus, answersOnly }, this.#flags, this.#folder)
    console.error(`${counted(waiting, 'scenario')}, about ${this.#secondsFrom(0)} s in all`)
    const { signal, stop } = watchInterruption(
      { end: () => this.#progress?.end() },
      undefined,
      () => this.#folder?.discardIfEmpty(),
    )
    try {
      for (const [index, { state }] of this.#catalogue.scenarios.entries()) {
        if (state !== 'unfinished') continue
        if (signal.aborted) break
        await this.#measure(index, this.#folder, signal)
      }
      this.#catalogue.complete = !signal.aborted
      this.#catalogue.ending = signal.aborted ? 'the run was interrupted' : null
      this.#save(this.#folder)
    } finally {
      stop()
    }
  }

  async #measure(
    index: number,
    folder: MeasurementFolder<Catalogue>,
    signal: AbortSignal,
  ): Promise<void> {
    const { scenarios } = this.#catalogue
    let entry = scenarios[index]!
    try {
      const request = await this.#request(index)
      printPlan([`scenario ${index + 1}/${scenarios.length}`, ...request.plan.lines])
      const among = { place: this.#place(index), secondsAfter: this.#secondsFrom(index + 1) }
      const progress = createProgress(process.stderr, among)
      this.#progress = progress
      const reportFolder = MeasurementFolder.inside<Report>(folder.path, 'run', entry.name)
      const outcome = await measureRun(request, reportFolder, progress, {
        signal,
        flags: this.#flags,
      })
      const failure = runFailure(outcome, reportFolder.path)
      const report = outcome.result
      if (report === undefined) reportFolder.discardIfEmpty()
      else {
        entry = { ...entry, folder: entry.name }
        this.#catalogue.environment ??= report.environment
        this.#summaries.set(entry.name, summarise(report))
      }
      if (failure === undefined) entry = soundEntry(entry, report!)
      // All end by it, and that is told at the end.
      else if (signal.aborted) entry = { ...entry, ...(report && toldOf(report)) }
      else entry = this.#failed(failedEntry(entry, failure, report), failure)
    } catch (failure) {
      entry = this.#failed(failedEntry(entry, failure), failure)
    }
    scenarios[index] = entry
    if (!this.#flags.json && entry.state === 'sound') printWrapped(entryText(entry))
    this.#save(folder)
  }

  /** Planned seconds of the scenarios from this one on. */
  #secondsFrom(index: number): number {
    const requests = this.#requests.slice(index)
    return requests.reduce((sum, request) => sum + (request?.plan.seconds ?? 0), 0)
  }

  /** Which scenario of how many, and what became of those that are done. */
  #place(index: number): string {
    const { scenarios } = this.#catalogue
    const done = scenarios.filter(({ state }) => state !== 'unfinished')
    const soFar =
      done.length === 0
        ? ''
        : `, so far ${catalogueSentence({ ...this.#catalogue, scenarios: done })}`
    return `scenario ${index + 1} of ${scenarios.length}${soFar}`
  }

  /** Tells of it, with the scenario's name. */
  #failed(entry: Catalogue['scenarios'][number], failure: unknown): typeof entry {
    const { message } = entry.failure!
    const named =
      failure instanceof CrossoverError && !message.includes(entry.name)
        ? runError(failure.code, `${entry.name}: ${message}`, failure.cure, failure)
        : failure
    printFailure(named)
    return entry
  }

  #save(folder: MeasurementFolder<Catalogue>): void {
    this.#catalogue.elapsedSeconds = this.#clock.nowNs() / NS_PER_SECOND
    folder.save(this.#catalogue)
    folder.savePage(renderCataloguePage(this.#catalogue))
  }

  /** Null without a baseline, and when nothing was measured. */
  compareWithBaseline(): AfterRun | null {
    return this.#folder === undefined ? null : compareAfterRun(this.#folder.path, this.#flags)
  }

  printResult(afterRun: AfterRun | null): void {
    const folder = this.#folder
    if (this.#flags.json) {
      const { complete, scenarios } = this.#catalogue
      const entries = scenarios.map((entry) => ({
        ...entry,
        summary: this.#summaries.get(entry.name) ?? null,
      }))
      const path = folder?.path ?? null
      printJson(JSON.stringify({ path, complete, scenarios: entries, ...afterRunJson(afterRun) }))
    } else if (folder !== undefined) {
      printWrapped(`\n${catalogueSentence(this.#catalogue)}`)
      console.log(`\nindex: ${folder.shownPath}`)
    }
  }

  throwFailure(): void {
    const { scenarios, complete } = this.#catalogue
    const where = this.#folder?.shownPath
    const count = (wanted: string) => scenarios.filter(({ state }) => state === wanted).length
    if (!complete) {
      throw runError(
        'interrupted',
        `the run was interrupted: ${count('sound')} of ${scenarios.length} scenarios were measured`,
        `what was measured is in ${where}`,
      )
    }
    const failed = scenarios.filter(({ state }) => state === 'failed')
    if (failed.length === 0) return
    const are = scenarios.length === 1 ? 'scenario' : 'scenarios'
    const names = failed.map(({ name }) => name).join(', ')
    const message = `${failed.length} of ${scenarios.length} ${are} failed: ${names}`
    const cure = `what each failed of is told above${where === undefined ? '' : `, and in ${where}`}`
    const isUsage = failed.every(({ failure }) => failure?.kind === 'usage')
    throw isUsage ? usageError('scenarios', message, cure) : runError('scenarios', message, cure)
  }
}
