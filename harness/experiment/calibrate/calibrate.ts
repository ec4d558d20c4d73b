import { monotonicOriginNs, ThreadClock, wallClock } from '../../base/clock.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { readEnvironment } from '../../measure/environment.ts'
import { type Calibration, CALIBRATION_VERSION } from '../../results/calibrate.ts'
import { affinityFor } from '../../trial/context.ts'
import { warningsBefore, watchMachine } from '../../trial/watch-machine.ts'
import { measureSingleCosts } from './cost-thread.ts'
import { Figures, judgeSwitching, rowsOf } from './figures.ts'
import { measurePairCosts } from './pair-costs.ts'
import type { CalibrationHooks, CalibrationRequest } from './plan.ts'

/**
 * What the building blocks of both architectures cost on this machine: first what runs on one thread, then what needs
 * two. Saves after every round of the second part, and at the end.
 * @throws CrossoverError of kind `usage` when the processors cannot be kept; of kind `run` when a thread fails or the
 * user stops it.
 */
export async function runCalibration(
  { cpus, plan, command }: CalibrationRequest,
  hooks: CalibrationHooks,
): Promise<Calibration> {
  const setAffinity = affinityFor(cpus)
  const originNs = monotonicOriginNs()
  const clock = new ThreadClock(originNs)
  const figures = new Figures()
  const environment = readEnvironment(setAffinity !== null)
  const calibration: Calibration = {
    schemaVersion: CALIBRATION_VERSION,
    complete: false,
    ending: null,
    startedAt: wallClock().toISOString(),
    elapsedSeconds: 0,
    command,
    cpus: [...cpus],
    environment,
    rows: [],
    claims: [],
    warnings: [...warningsBefore(environment, cpus), ...placeWarnings(environment.pinned, cpus)],
  }
  const elapsedSeconds = () => clock.nowNs() / NS_PER_SECOND
  const save = () => {
    calibration.elapsedSeconds = elapsedSeconds()
    calibration.rows = rowsOf(figures, cpus.length)
    calibration.claims = [judgeSwitching(figures)]
    hooks.save(calibration)
  }
  const tell = (what: string) => hooks.onEvent(what, Math.min(1, elapsedSeconds() / plan.seconds))
  const { signal } = hooks
  const context = { originNs, cpus, setAffinity, figures, signal, elapsedSeconds, tell, save }
  const watch = watchMachine({ environment, warnings: calibration.warnings, cpus, clock })
  try {
    await measureSingleCosts(context, plan.single)
    await measurePairCosts(context, plan.pair)
    calibration.complete = true
  } finally {
    watch.end()
    save()
  }
  return calibration
}

function placeWarnings(isPinned: boolean, cpus: readonly number[]): Calibration['warnings'] {
  if (!isPinned) {
    return [
      {
        code: 'unpinned',
        message: 'threads are not pinned: two of them may share a processor or move meanwhile',
        cure: 'run on Linux with the optional package koffi installed',
      },
    ]
  }
  if (cpus.length > 1) return []
  return [
    {
      code: 'one-processor',
      message: 'with one processor nothing can spin, and every hop is a switch on it',
      cure: 'give it two processors, e.g. --cpus 0,1',
    },
  ]
}
