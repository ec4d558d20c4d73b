import type { Clock } from '../../base/clock.ts'
import type { Report } from '../../results/schema.ts'
import { watchMachine } from '../../trial/watch-machine.ts'
import { type Expectations, type Experiment, Loop, type LoopParts } from './experiment.ts'
import type { Pacing } from './pacing.ts'
import type { ServerFactory } from '../../trial/server-factory.ts'

/** What all results of measurements have. */
export interface Measurement extends Pick<
  Report,
  'complete' | 'ending' | 'environment' | 'warnings'
> {
  readonly run: { elapsedSeconds: number }
}

/** A measurement, and what it is made with. */
export interface Measured {
  readonly result: Measurement
  readonly experiment: Experiment
  readonly servers: Pick<ServerFactory, 'cpuSeconds'>
  readonly makeServer: LoopParts['makeServer']
  readonly expectations: Expectations
  readonly pacing: Pacing
  readonly cpus: readonly number[]
  readonly clock: Clock
  /** Keeps everything that was measured so far, with what follows from it. */
  readonly save: () => void
  /** At the end, however that came: gives back what it holds. */
  readonly close: () => void | Promise<void>
  /** Behind that: doubts that only the whole of it shows. */
  readonly conclude: () => void
}

/**
 * Runs the loop while the machine is watched, and keeps what came of it, whatever happens: a result that is not complete
 * says why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function measureByRounds(measured: Measured): Promise<void> {
  const { result, experiment, servers, pacing, cpus, clock, save } = measured
  const { environment, warnings } = result
  const watch = watchMachine({
    environment,
    warnings,
    cpus,
    clock,
    childSeconds: () => servers.cpuSeconds(),
  })
  const loop = new Loop(experiment, {
    makeServer: measured.makeServer,
    elapsedSeconds: pacing.elapsedSeconds,
    budgetSeconds: pacing.budgetSeconds,
    expectations: measured.expectations,
    save,
  })
  pacing.follows(
    () => experiment.left(),
    (left) => loop.pace.secondsFor(left),
  )
  try {
    await loop.run()
    // One that its budget ended is done, too; a warning says what is missing.
    result.complete = true
    result.ending = null
  } catch (error) {
    result.ending = error instanceof Error ? error.message : String(error)
    throw error
  } finally {
    watch.end()
    await measured.close()
    measured.conclude()
    save()
  }
}
