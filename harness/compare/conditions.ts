import { type CrossoverError, usageError } from '../base/errors.ts'
import type { LoadedReport } from '../results/load.ts'
import type { Warning } from '../results/measurement.ts'
import { classNames } from '../results/request-class.ts'
import type { Load, Report, Trial } from '../results/schema.ts'
import { formatHash, formatVersion } from '../words/format.ts'

/** Where a run's figures come from. */
export interface ComparedRun {
  readonly file: string
  readonly startedAt: string
  readonly crossover: string
}

/** What must be the same in two runs whose figures are compared. */
export interface Conditions {
  readonly scenario: string
  readonly params: Readonly<Record<string, string | number>>
  /** Of the log that was played; null when requests were drawn. */
  readonly traceSha256: string | null
  readonly arms: readonly {
    readonly label: string
    readonly options: Readonly<Record<string, string | number | boolean>>
  }[]
  readonly transport: Report['run']['transport']
  readonly virtualCores: number | null
  readonly durationSeconds: number
  readonly cpuCount: number
}

/** Those under which a report came about. */
export function conditionsOf({ run, scenario, arms }: Report): Conditions {
  return {
    scenario: scenario.name,
    params: scenario.params,
    traceSha256: run.trace?.sha256 ?? null,
    arms,
    transport: run.transport,
    virtualCores: run.virtualCores,
    durationSeconds: run.durationSeconds,
    cpuCount: run.cpus.length,
  }
}

/**
 * The first thing in which two runs differ so that their figures must not be compared, as a usage error; undefined when
 * there is none. Arms are compared that have the same label. A parameter or an option that only one of them knows is
 * none: versions of crossover and of scenarios add some.
 * @param oldCommand the command line of the old run, for the cure. @param told names of parameters that may differ
 */
export function otherConditions(
  before: Conditions,
  after: Conditions,
  oldCommand: string,
  told: readonly string[] = [],
): CrossoverError | undefined {
  const alike = Object.entries(before.params).map(([name, value]) => [
    name,
    told.includes(name) ? (after.params[name] ?? value) : value,
  ])
  const old = { ...before, params: Object.fromEntries(alike) as Conditions['params'] }
  for (const [code, what, then, now, cure] of conditionDifferences(old, after)) {
    return usageError(
      `compare-${code}`,
      `${after.scenario}: ${what} ${then} in the old report and ${now} in the new one`,
      `${cure}; the old report was made by: ${oldCommand}`,
    )
  }
  return undefined
}

/** New ÷ old of the arm whose own load moved furthest, where each arm has its own in both; undefined elsewhere. */
export function furthestOwn(before: Load, after: Load): number | undefined {
  if (before.placed?.by !== 'each' || after.placed?.by !== 'each') return undefined
  const { perSecond } = after.placed
  return Object.entries(before.placed.perSecond)
    .map(([arm, rate]) => (perSecond[arm] ?? rate) / rate)
    .toSorted((a, b) => Math.abs(Math.log(b)) - Math.abs(Math.log(a)))[0]
}

/** Goodput within one time is none within another. */
export function isOneTime(
  before: Report['run']['within'],
  after: Report['run']['within'],
): boolean {
  return typeof before?.ns === 'number' && before.ns === after?.ns
}

/** Whether two runs are of the same scenario with the same parameters. */
export function isSameSubject(before: Conditions, after: Conditions): boolean {
  return (
    before.scenario === after.scenario && changedNames(before.params, after.params).length === 0
  )
}

/** What differs, in words that a value of either run completes: `parameter keys is`, `5`, `100`. */
type Difference = readonly [code: string, what: string, then: string, now: string, cure: string]

/** Everything in which two runs differ so that their figures must not be compared, the labels of their arms aside. */
export function* conditionDifferences(
  before: Conditions,
  after: Conditions,
): Generator<Difference> {
  if (before.scenario !== after.scenario) {
    const cure = 'name two reports of one scenario'
    yield ['scenario', 'the scenario is', before.scenario, after.scenario, cure]
  }
  for (const name of changedNames(before.params, after.params)) {
    const [then, now] = texts(before, after, ({ params }) => params[name])
    const cure = `run it with --param ${name}=${then}, or say that it is what you compare: --changed ${name}`
    yield ['parameter', `parameter ${name} is`, then, now, cure]
  }
  if (before.traceSha256 !== after.traceSha256) {
    const [then, now] = texts(before, after, ({ traceSha256 }) => logText(traceSha256))
    yield ['trace', 'the requests are', then, now, 'play the same requests in both']
  }
  yield* optionDifferences(before, after)
  yield* placeDifferences(before, after)
}

function* optionDifferences(before: Conditions, after: Conditions): Generator<Difference> {
  for (const { label, options } of before.arms) {
    const same = after.arms.find((arm) => arm.label === label)
    for (const name of changedNames(options, same?.options ?? {})) {
      const [then, now] = [String(options[name]), String(same?.options[name])]
      const cure = 'give both runs the same options, or give the new arm a label of its own: --arms'
      yield ['options', `option ${name} of ${label} is`, then, now, cure]
    }
  }
}

function* placeDifferences(before: Conditions, after: Conditions): Generator<Difference> {
  const [way, newWay] = texts(before, after, transportText)
  if (way !== newWay) yield ['transport', 'requests arrive', way, newWay, 'use one transport']
  const [virtual, newVirtual] = texts(before, after, ({ virtualCores }) => virtualCores ?? 'none')
  if (virtual !== newVirtual) {
    const cure =
      virtual === 'none' ? 'leave out --virtual-cores' : `run it with --virtual-cores ${virtual}`
    yield ['virtual-cores', 'virtual cores are', virtual, newVirtual, cure]
  }
  const [seconds, newSeconds] = texts(before, after, (run) => `${run.durationSeconds} s`)
  if (seconds !== newSeconds) {
    const cure = `run it with --duration ${before.durationSeconds}s`
    yield ['duration', 'a trial’s steady state is', seconds, newSeconds, cure]
  }
  if (before.cpuCount !== after.cpuCount) {
    const [then, now] = texts(before, after, ({ cpuCount }) => cpuCount)
    yield ['cpus', 'processors used are', then, now, 'use as many in both: --cpus']
  }
}

/** What both say of one thing. */
function texts(
  before: Conditions,
  after: Conditions,
  of: (run: Conditions) => unknown,
): readonly [then: string, now: string] {
  return [String(of(before)), String(of(after))]
}

/** Names that both know, with different values. */
export function changedNames(
  before: Readonly<Record<string, string | number | boolean>>,
  after: Readonly<Record<string, string | number | boolean>>,
): readonly string[] {
  return Object.keys(before).filter(
    (name) => Object.hasOwn(after, name) && before[name] !== after[name],
  )
}

/** What has a label and an architecture: an arm of a report, or its change. */
interface NamedArm {
  readonly label: string
  readonly architecture: string
}

/** The labels of the arms that a name means: the one whose label it is, else all of that architecture. */
export function armsNamed(name: string, arms: readonly NamedArm[]): readonly string[] {
  const exact = arms.filter(({ label }) => label === name)
  const meant = exact.length > 0 ? exact : arms.filter(({ architecture }) => architecture === name)
  return meant.map(({ label }) => label)
}

function logText(sha256: string | null): string {
  return sha256 === null ? 'drawn' : `those of a log (sha256 ${sha256})`
}

function transportText({ transport }: Conditions): string {
  if (transport.kind === 'replay') return 'by replay'
  const { connections, pipelining, clientCpus } = transport
  const client = clientCpus.length === 0 ? 'co-located' : `on ${clientCpus.length} processors`
  return `over http, ${connections} connections, ${pipelining} in flight on each, client ${client}`
}

type Environment = Report['environment']

const CURE =
  'measure both on one machine in one state: a ratio between machines says nothing of code'

/** Where a run's figures come from, besides the machine. */
type Origin = Pick<Report, 'environment' | 'scenario'>

/** What differs between two runs and is no doubt of either, since a change may be what they are compared for: `crossover: 0.1.0 then, 0.2.0 now`. */
export function originDifferences(before: Origin, after: Origin): readonly string[] {
  const [old, now] = [before.scenario, after.scenario]
  const [then, today] = [before, after].map(({ environment }) => formatVersion(environment))
  const [defaults, newDefaults] = [old.defaults ?? {}, now.defaults ?? {}]
  return [
    ...changedNames(old.params, now.params).map(
      (name) => `parameter ${name}: ${old.params[name]} then, ${now.params[name]} now`,
    ),
    ...changedNames(defaults, newDefaults).map(
      (name) => `default of ${name}: ${defaults[name]} then, ${newDefaults[name]} now`,
    ),
    ...fileDifferences(old.sources, now.sources),
    ...(then === today ? [] : [`crossover: ${then} then, ${today} now`]),
  ]
}

/** Nothing where one of them does not know its files. */
function fileDifferences(
  before: Report['scenario']['sources'],
  after: Report['scenario']['sources'],
): readonly string[] {
  if (before === undefined || after === undefined) return []
  const text = (hash: string | undefined): string =>
    hash === undefined ? 'not there' : `SHA-256 ${formatHash(hash)}`
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((file) => before[file] !== after[file])
    .map((file) => `file ${file}: ${text(before[file])} then, ${text(after[file])} now`)
}

/** What tells on which machine, and how, servers were measured. */
export type Surroundings = Pick<Report, 'environment' | 'rounds'> & {
  readonly run: Pick<Report['run'], 'cpus'>
}

/** A warning for each thing in which the machines or runtimes of two reports differ. */
export function environmentWarnings(before: Surroundings, after: Surroundings): readonly Warning[] {
  const [then, now] = [factsOf(before), factsOf(after)]
  const changed = [...then].flatMap(([what, value]) => {
    const other = now.get(what)
    return other === undefined || value === other ? [] : [`${what}: ${value} then, ${other} now`]
  })
  return [...changed, ...mitigationChanges(before.environment, after.environment)].map(
    (message) => ({ code: 'other-environment', message, cure: CURE }),
  )
}

/** Name and value of what a measurement depends on. */
function factsOf({ environment, run, rounds }: Surroundings): ReadonlyMap<string, string> {
  const { cpu, cores, kernel, platform, node, v8, governor, cgroupQuota, pinned, smt, nodeFlags } =
    environment
  const { serverFlags, transparentHugePages } = environment
  return new Map([
    ['processor', cpu],
    ['cores', String(cores)],
    ['processors used', run.cpus.toSorted((a, b) => a - b).join(', ')],
    ['platform', platform],
    ['kernel', kernel],
    ['node', node],
    ['V8', v8],
    ['flags of node', nodeFlags.join(' ') || 'none'],
    // Reports before version 4 have no rounds.
    ['servers', rounds.length === 0 ? 'fresh threads for each trial' : 'warm, a round long'],
    ['flags of servers', serverFlags?.join(' ') || 'none'],
    // Not told before version 4: no difference that one could know of.
    ...(transparentHugePages === null
      ? []
      : ([['transparent huge pages', transparentHugePages]] as const)),
    ['frequency governor', governor ?? 'unknown'],
    ['quota of the cgroup', cgroupQuota ?? 'none'],
    ['pinned threads', pinned ? 'yes' : 'no'],
    ['simultaneous multithreading', smt === null ? 'unknown' : smt ? 'on' : 'off'],
  ])
}

function mitigationChanges(before: Environment, after: Environment): readonly string[] {
  const [then, now] = [before.mitigations ?? {}, after.mitigations ?? {}]
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].toSorted()
  return names
    .filter((name) => then[name] !== now[name])
    .map(
      (name) =>
        `mitigation of ${name}: ${then[name] ?? 'unknown'} then, ${now[name] ?? 'unknown'} now`,
    )
}

/**
 * Why a report must not be compared with any other, as a usage error; undefined when it may.
 * @param requestClass of whose latencies it is to be; null for all requests.
 */
export function unsoundReport(
  { report, file }: LoadedReport,
  requestClass: string | null = null,
): CrossoverError | undefined {
  if (!report.complete) {
    return usageError(
      'compare-incomplete',
      `report is incomplete (${report.ending ?? 'it ended for no known reason'}): path=${file}`,
      'run it to its end; what was measured of a part of a plan is no sample of it',
    )
  }
  const wrong = trialsOf(report).find((trial) => trial.void !== null)
  if (wrong !== undefined) {
    return usageError(
      'compare-void',
      `report has a void trial of ${wrong.arm} (${wrong.void}): path=${file}`,
      'trust no figure of that run; run it again',
    )
  }
  if (report.objective !== null || report.loads.every(({ sets }) => sets.length === 0)) {
    return usageError(
      'compare-loads',
      `report has no loads to compare${report.objective === null ? '' : ': it is a search made with --slo'}: path=${file}`,
      'compare runs that were made with --loads, or with the default loads',
    )
  }
  const names = classNames(report)
  if (requestClass === null || names.includes(requestClass)) return undefined
  return usageError(
    'class',
    `report has no class of requests ${requestClass}: path=${file}`,
    names.length === 0 ? 'leave out --class' : `classes: ${names.join(', ')}`,
  )
}

/**
 * Two reports that hold the same trial are of one run, whatever their files are called and whatever was cut from either: no two
 * trials begin at the same nanosecond of a run and take the same times. Compared, they would pass every limit.
 * @returns the usage error that says so; undefined when they have no trial in common.
 */
export function sameRun(before: LoadedReport, after: LoadedReport): CrossoverError | undefined {
  const old = new Set(trialsOf(before.report).map(fingerprint))
  if (!trialsOf(after.report).some((trial) => old.has(fingerprint(trial)))) return undefined
  return usageError(
    'compare-same',
    `old and new are the same run, or share trials: ${before.file} and ${after.file}`,
    'name the report of the run before the change, then that of the run after it',
  )
}

function fingerprint({ startedAtSeconds, maxNs, histogram, percentiles, counters }: Trial): string {
  return JSON.stringify([startedAtSeconds, maxNs, histogram, percentiles, counters])
}

function trialsOf({ loads }: Report): readonly Trial[] {
  return loads.flatMap(({ sets }) => sets.flatMap(({ trials }) => Object.values(trials)))
}
