import { usageError } from '../base/errors.ts'
import { drawSeed } from '../base/random.ts'
import { FIRST_PAIRS, FIRST_VALUES } from '../experiment/find-allocation.ts'
import { isClosed } from '../experiment/find-plan.ts'
import type { FindRequest } from '../experiment/find-request.ts'
import { loadScenario } from '../experiment/load-scenario.ts'
import { parseTwoArms, TWO_DEFAULT_ARMS } from '../experiment/parse-arms.ts'
import { parseLevel } from '../experiment/parse-level.ts'
import { parseSingleLoad } from '../experiment/parse-loads.ts'
import { parseMetric } from '../experiment/parse-metric.ts'
import { parseAssignments } from '../experiment/parse-parameters.ts'
import { parseUntil } from '../experiment/parse-until.ts'
import { parseRange } from '../experiment/points/parameter-range.ts'
import { checkPoints } from '../experiment/points/point-contexts.ts'
import { commandLine } from './command-line.ts'
import type { FindFlags } from './find-flags.ts'
import { coresOf, overText, refuseFixed, refuseLoad } from './point-flags.ts'

const LOAD = '50%'
const METRIC = 'p99'
const DURATION_SECONDS = 0.5
const BUDGET_SECONDS = 240

/** Everything that decides what a search does, from its flags, the scenario's defaults and ours. */
export async function buildFind(
  scenario: string,
  flags: FindFlags,
  args: readonly string[],
): Promise<FindRequest> {
  const fixed = parseAssignments(flags.param ?? [], '--param')
  const loaded = await loadScenario(scenario, fixed)
  const { params, defaults = {} } = loaded.scenario
  const cores = coresOf(loaded, flags)
  const mostCores = cores.virtualCores ?? cores.cpus.length
  const range = parseRange(overText(loaded, flags), FIRST_VALUES, params, mostCores)
  refuseFixed(range, fixed)
  refuseLoad(range, flags)
  const metric = parseMetric(flags.metric ?? defaults.metric ?? METRIC)
  if (isClosed({ metric })) refuseOffered(range.subject, flags)
  const seed = flags.seed ?? drawSeed()
  const request: FindRequest = {
    scenario,
    fixed,
    loaded,
    arms: parseTwoArms(flags.arms ?? defaults.arms ?? TWO_DEFAULT_ARMS),
    range,
    load: parseSingleLoad(flags.load ?? LOAD),
    metric,
    level: parseLevel(flags.level),
    until: parseUntil(flags.until),
    mostPairs: choosePairs(flags.pairs, range.values.length),
    durationSeconds: flags.duration ?? DURATION_SECONDS,
    budgetSeconds: flags.budget ?? (flags.pairs === undefined ? BUDGET_SECONDS : null),
    ...cores,
    seed,
    command: commandLine(args, flags, seed),
  }
  await checkPoints(request, range.values)
  return request
}

/** A closed window offers no load. */
function refuseOffered(subject: string, { load }: FindFlags): void {
  if (subject !== 'load' && load === undefined) return
  throw usageError(
    'conflict',
    `throughput is that of a closed window, and ${subject === 'load' ? '--over varies' : '--load sets'} the load`,
    'leave out the load, or choose another --metric: at a load below saturation both arms answer what is offered',
  )
}

function choosePairs(asked: number | undefined, values: number): number | null {
  const needed = values * FIRST_PAIRS
  if (asked === undefined || asked >= needed) return asked ?? null
  throw usageError(
    'pairs',
    `--pairs ${asked}: the first round has ${needed}, ${FIRST_PAIRS} at each of ${values} values`,
    `--pairs ${needed} or more`,
  )
}
