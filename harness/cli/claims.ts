import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { parseCpus } from '../asked/cpus.ts'
import { findProfile } from '../asked/profiles.ts'
import { chooseRepetitions, parseLevel } from '../asked/quantities.ts'
import { usageError } from '../base/errors.ts'
import { drawSeed } from '../base/random.ts'
import { nearestName } from '../base/text.ts'
import { memoryNodes, runClaims } from '../experiment/claims/claims.ts'
import { type AskedClaim, type ClaimsRequest, planClaims } from '../experiment/claims/plan.ts'
import type { Planned } from '../experiment/rounds/pacing.ts'
import { claimSentence, claimsView, countsSentence } from '../render/claims.ts'
import { markdownView } from '../render/view/markdown.ts'
import type { ExportFile } from '../results/export.ts'
import type { Claims } from '../results/claims.ts'
import { loadMeasurement } from '../results/history.ts'
import { KINDS } from '../results/kinds.ts'
import { checkCriteria } from '../scenario/criteria.ts'
import { listScenarios, loadScenario, whereOf } from '../scenario/load.ts'
import { commandLine, shellCommand } from './command-line.ts'
import { execute } from './execute.ts'
import type { MeasuringCommand } from './measuring.ts'
import {
  budgetOption,
  cpusOption,
  durationOption,
  jsonOption,
  levelOption,
  outOption,
  pairsOption,
  seedOption,
  waitQuietOption,
} from './options.ts'
import { createClaimsProgress } from './progress/points.ts'

/** What commander makes of the flags of `crossover claims`. */
export interface ClaimsFlags {
  readonly rounds?: number
  readonly profile?: string
  readonly level: string
  /** Seconds. */
  readonly duration?: number
  /** Seconds. */
  readonly budget?: number
  readonly seed?: number
  readonly cpus?: string
  /** Seconds. */
  readonly waitQuiet?: number
  /** Folder of an earlier measurement. */
  readonly resume?: string
  readonly out: string
  readonly json?: true
}

const DEFAULT_PROFILE = 'default'

const NOTES = `
A claim and what would confirm or refute it stand in the scenario that tests it (scenarios/README.md); crossover list
shows them. A word is the claim's id (C21 also means C21-staged), a scenario's name, or the path of a scenario file; none
means all claims of the package. Each round plays all cells of a claim on fresh servers, in balanced order; a claim is
confirmed or refuted only where the whole interval lies beyond its limit.

Without --budget everything is measured, however long it takes: about 3 minutes for a claim of four cells.

Exit codes: 0 done, whatever the outcomes; 2 wrong usage; 3 interrupted or not completed: what was measured is kept, and
--resume <folder> measures the rest.

Examples:
  crossover claims C05
  crossover claims ./my-scenario.ts
  crossover claims --budget 3600s
  crossover claims --resume reports/2026-01-31T12-00-00Z-claims`

/** `crossover claims`: claims against the criteria that were written down for them. `args` is the command line. */
function addClaimsCommand(program: Command, args: readonly string[]): void {
  program
    .command('claims')
    .description('test claims: what confirms or refutes each was written down before')
    .argument('[claim...]', 'ids, names of scenarios, or paths of scenario files (default: all)')
    .addOption(
      pairsOption(
        '--rounds',
        'rounds of each claim (default: the profile’s 8, or its criterion’s; more for a grid)',
      ),
    )
    .option('--profile <name>', 'how much to measure: short, default or long (default: default)')
    .addOption(levelOption('the intervals'))
    .addOption(durationOption())
    .addOption(budgetOption('start no trial after this time, an equal share for each claim'))
    .option('--resume <folder>', 'go on with an earlier measurement: what it has is kept')
    .addOption(cpusOption())
    .addOption(waitQuietOption())
    .addOption(seedOption('every trace and order'))
    .addOption(outOption('where the folder of the claims is made'))
    .addOption(jsonOption())
    .addHelpText('after', NOTES)
    .action(async (names: readonly string[], flags: ClaimsFlags) => {
      await execute(claimsExecution, await buildClaims(names, flags, args), flags)
    })
}

/** How claims are tested, and what is made of it. */
export const claimsExecution = {
  kind: 'claims',
  runner: runClaims,
  createProgress: createClaimsProgress,
  view: claimsView,
  summary: summaryOf,
  beside: markdownOf,
} as const

function markdownOf(claims: Claims): readonly ExportFile[] {
  const view = claimsView(claims)
  return [{ name: 'claims.md', content: markdownView(view, view.sections) }]
}

/** What `--json` prints; the trials behind it are in `claims.json`. */
function summaryOf(claims: Claims): object {
  return {
    complete: claims.complete,
    sentence: countsSentence(claims),
    claims: claims.claims.map((claim) => {
      const { id, scenario, outcome, reason, figures, conditions, complete } = claim
      const sentence = claimSentence(claim)
      return {
        id,
        scenario,
        claim: claim.claim,
        outcome,
        reason,
        sentence,
        figures,
        conditions,
        complete,
      }
    }),
    warnings: claims.warnings,
  }
}

/** Everything that decides what is tested, from the flags, an earlier measurement and the defaults. */
export async function buildClaims(
  names: readonly string[],
  flags: ClaimsFlags,
  args: readonly string[],
): Promise<Planned<ClaimsRequest>> {
  const earlier = flags.resume === undefined ? null : loadEarlier(flags.resume)
  const profile = findProfile(flags.profile ?? DEFAULT_PROFILE)
  const level = parseLevel(flags.level)
  const isForAnswers = profile.answersOnly === true
  const usual =
    flags.profile === undefined ? (earlier?.run.rounds ?? profile.rounds) : profile.rounds
  const rounds = flags.rounds ?? usual
  if (earlier !== null && flags.seed !== undefined && flags.seed !== earlier.run.seed)
    throw usageError(
      'resume',
      `--seed ${flags.seed}: ${flags.resume} was measured with seed ${earlier.run.seed}`,
      'leave --seed out, or begin a new measurement without --resume',
    )
  const seed = flags.seed ?? earlier?.run.seed ?? drawSeed()
  const request: ClaimsRequest = {
    claims: await askedClaims(names, earlier),
    rounds: isForAnswers ? rounds : chooseRepetitions('rounds', rounds, level),
    roundsAreAsked: flags.rounds !== undefined,
    level,
    durationSeconds: flags.duration ?? earlier?.run.durationSeconds ?? profile.durationSeconds,
    answersOnly: isForAnswers,
    budgetSeconds: flags.budget ?? null,
    cpus: flags.cpus === undefined && earlier !== null ? earlier.run.cpus : parseCpus(flags.cpus),
    seed,
    command: commandLine(args, flags, seed),
    earlier,
  }
  refuseOthers(request, flags)
  const command = earlier === null ? request.command : wholeCommand(request, earlier)
  return planClaims({ ...request, command }, memoryNodes())
}

/** What a resumed measurement is repeated by, from nothing: its own command line would find all of it measured. */
function wholeCommand(request: ClaimsRequest, { claims }: Claims): string {
  const { rounds, roundsAreAsked, durationSeconds, level, cpus, seed } = request
  const all = [...claims, ...request.claims.map(({ from, criterion: { id } }) => ({ from, id }))]
  const words = new Set([...all.map(({ from }) => from), ...all.map(({ id }) => id)])
  // Without the flag there are more where a grid needs them.
  const asked = roundsAreAsked || rounds !== findProfile(DEFAULT_PROFILE).rounds
  const flags = {
    ...(asked && { '--rounds': rounds }),
    '--duration': `${durationSeconds}s`,
    '--level': level,
    '--cpus': cpus.join(','),
    '--seed': seed,
  }
  return shellCommand(['claims', ...words, ...Object.entries(flags).flat().map(String)])
}

function loadEarlier(folder: string): Claims {
  const file = join(folder, KINDS.claims.file)
  if (!existsSync(file))
    throw usageError(
      'resume',
      `--resume ${folder}: there is no ${KINDS.claims.file}`,
      'name the folder of a measurement of claims, e.g. reports/2026-01-31T12-00-00Z-claims',
    )
  const measurement = loadMeasurement({ kind: 'claims', file, page: null })
  return measurement.content as Claims
}

/** Trials of another length or on other processors are not of the same measurement. */
function refuseOthers({ durationSeconds, cpus, earlier }: ClaimsRequest, flags: ClaimsFlags): void {
  if (earlier === null) return
  const { run } = earlier
  const differs =
    durationSeconds !== run.durationSeconds
      ? `trials of ${run.durationSeconds} s, not ${durationSeconds} s`
      : cpus.join(',') === run.cpus.join(',')
        ? undefined
        : `processors ${run.cpus.join(', ')}, not ${cpus.join(', ')}`
  if (differs === undefined) return
  throw usageError(
    'resume',
    `--resume ${flags.resume}: it was measured with ${differs}`,
    'leave --duration and --cpus out, or begin a new measurement without --resume',
  )
}

const PATH = /[/\\]|\.m?[jt]s$/

/**
 * The claims that the user means, in the order of their ids: of the files and scenarios that are named, else of all of the package;
 * ids choose among them.
 */
async function askedClaims(
  names: readonly string[],
  earlier: Claims | null,
): Promise<readonly AskedClaim[]> {
  const scenarios = listScenarios()
  const sources = names.filter((name) => PATH.test(name) || scenarios.includes(name))
  const ids = names.filter((name) => !sources.includes(name))
  const resumed = earlier?.claims.map(({ from }) => from) ?? []
  // Claims that were not there may be added by their names.
  const usual = earlier !== null && names.length === 0 ? resumed : [...scenarios, ...resumed]
  const all = await claimsOf(sources.length > 0 ? sources : usual)
  for (const source of sources) {
    if (all.some(({ where }) => where === whereOf(source))) continue
    throw usageError(
      'criteria',
      `${whereOf(source)} has no criteria: nothing says what would confirm or refute a claim`,
      'write some (scenarios/README.md), or name a claim: crossover list shows them',
    )
  }
  const isKept = ({ loaded, criterion }: AskedClaim) =>
    earlier === null ||
    names.length > 0 ||
    earlier.claims.some(
      ({ scenario, id }) => scenario === loaded.scenario.name && id === criterion.id,
    )
  for (const id of ids) requireId(id, all)
  const isAsked = ({ criterion }: AskedClaim) =>
    ids.length === 0 || ids.some((id) => isMeant(id, criterion.id))
  return all
    .filter((claim) => isAsked(claim) && isKept(claim))
    .toSorted((a, b) => (a.criterion.id < b.criterion.id ? -1 : 1))
}

async function claimsOf(sources: readonly string[]): Promise<readonly AskedClaim[]> {
  const claims: AskedClaim[] = []
  for (const source of new Set(sources)) {
    const loaded = await loadScenario(source, {})
    const where = whereOf(source)
    // A file is found from elsewhere, too.
    const from = PATH.test(source) ? where : source
    checkCriteria(loaded.scenario, where)
    for (const criterion of loaded.scenario.criteria ?? [])
      claims.push({ loaded, from, where, criterion })
  }
  return claims
}

/** `C21` also means the rows of C21: `C21-staged`. */
function isMeant(typed: string, id: string): boolean {
  const [wanted, known] = [typed.toLowerCase(), id.toLowerCase()]
  return known === wanted || known.startsWith(`${wanted}-`)
}

function requireId(typed: string, claims: readonly AskedClaim[]): void {
  const ids = [...new Set(claims.map(({ criterion }) => criterion.id))].toSorted()
  if (ids.some((id) => isMeant(typed, id))) return
  const nearest = nearestName(typed, [...ids, ...listScenarios()])
  const all = `claims: ${ids.join(', ')}`
  throw usageError(
    'unknown-claim',
    `no claim or scenario has this name: ${typed || '(empty)'}`,
    nearest === undefined ? all : `did you mean ${nearest}? ${all}`,
  )
}

/** What `measuring.ts` finds. @public it is loaded by name */
export const command: MeasuringCommand = { add: addClaimsCommand, view: claimsView }
