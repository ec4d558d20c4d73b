import { fileURLToPath } from 'node:url'
import { combineSeeds, seededRandom } from '../../harness/base/random.ts'
import type { ArchitectureName } from '../../harness/contract/architecture.ts'

/** A server and what is played into it, drawn by a seed: the same seed is the same server. */
export interface DrawnServer {
  readonly seed: number
  /** Name or path. */
  readonly scenario: string
  readonly parameters: Readonly<Record<string, string>>
  /** As behind `--arms`. */
  readonly arm: string
  /** Ports, and shards of a sharded server. */
  readonly cores: number
  /** Of the load that any server bears. */
  readonly loadShare: number
  /** Requests in flight per port at `max`. */
  readonly window: number
}

const BUSY_STORE = fileURLToPath(new URL('scenarios/busy-store.ts', import.meta.url))
const HOT_STORE = fileURLToPath(new URL('scenarios/hot-store.ts', import.meta.url))
const BUSY_KINDS = ['device', 'call', 'blocking', 'read', 'burn', 'legs', 'background', 'all']

/** What may be drawn of one seed, in the order in which it is asked for. */
class Drawer {
  readonly #random: ReturnType<typeof seededRandom>

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  oneOf<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.#random.unit() * values.length)]!
  }

  /** From the first number to the last, small ones as likely as large ones. */
  between(from: number, to: number): number {
    return Math.floor(from * ((to + 1) / from) ** this.#random.unit())
  }

  powerOfTwo(from: number, to: number): number {
    return 2 ** this.evenly(Math.log2(from), Math.log2(to))
  }

  evenly(from: number, to: number): number {
    return from + Math.floor(this.#random.unit() * (to - from + 1))
  }
}

/** Of the same seed the two architectures serve the same scenario at the same load. */
export function drawServer(architecture: ArchitectureName, seed: number): DrawnServer {
  const drawer = new Drawer(combineSeeds(seed))
  const { scenario, parameters } = drawScenario(drawer)
  const common = {
    // More ports than processors: more rings, more full queues, more threads that are preempted where it hurts.
    cores: drawer.oneOf([1, 2, 2, 3, 4]),
    loadShare: drawer.oneOf([0.02, 0.2, 1]),
    window: drawer.between(1, 64),
  }
  const options = {
    ...commonOptions(drawer),
    ...(architecture === 'staged' ? stagedOptions(drawer) : shardedOptions(drawer)),
  }
  const arm = [architecture, ...Object.entries(options).map(([name, value]) => `${name}=${value}`)]
  return { seed, scenario, parameters, arm: arm.join(':'), ...common }
}

function drawScenario(drawer: Drawer): Pick<DrawnServer, 'scenario' | 'parameters'> {
  const keys = String(drawer.between(2, 200))
  const workMicros = String(drawer.oneOf([0, 5, 20, 100]))
  switch (drawer.oneOf(['busy', 'busy', 'busy', 'stages', 'stages', 'hot', 'device'])) {
    case 'device':
      return {
        scenario: 'io-overlap',
        parameters: { deviceMicros: String(drawer.between(20, 200)), workMicros },
      }
    case 'stages':
      return {
        scenario: 'stage-handoff',
        parameters: { stages: String(drawer.evenly(1, 8)), workMicros },
      }
    case 'hot':
      return {
        scenario: 'hot-key',
        parameters: { keys, workMicros, hotPercent: '50', writePercent: '50' },
      }
    default:
      return { scenario: BUSY_STORE, parameters: { keys, kind: drawer.oneOf(BUSY_KINDS) } }
  }
}

type Options = Readonly<Record<string, string | number>>

function commonOptions(drawer: Drawer): Options {
  return {
    idle: drawer.oneOf(['auto', 'poll', 'spin-park', 'park', 'park']),
    spinMicros: drawer.between(1, 200),
    moderationMicros: drawer.oneOf([0, 50, 500]),
    routing: drawer.oneOf(['random', 'random', 'shard-aware']),
    permits: drawer.oneOf([1, 2, 3, 8, 64, 2_048]),
    batch: drawer.oneOf([0, drawer.between(1, 256), drawer.between(1, 256)]),
    deadlineMillis: drawer.oneOf([0, 0, 1, 20]),
  }
}

function stagedOptions(drawer: Drawer): Options {
  return {
    layout: drawer.oneOf(['classic', 'fused']),
    threads: drawer.evenly(1, 8),
    blockingThreads: drawer.evenly(1, 8),
    waits: drawer.oneOf(['blocking', 'async']),
    inline: drawer.oneOf(['auto', 'on', 'off']),
    locks: drawer.oneOf(['striped', 'reader-writer', 'optimistic', 'single']),
    stripes: drawer.powerOfTwo(1, 64),
    queueCapacity: drawer.powerOfTwo(1, 16),
    controllers: drawer.oneOf(['off', 'batch', 'threads', 'both']),
    maximumThreads: drawer.evenly(1, 8),
  }
}

function shardedOptions(drawer: Drawer): Options {
  return {
    ringCapacity: drawer.powerOfTwo(2, 64),
    quotaMicros: drawer.between(20, 500),
    slices: drawer.oneOf(['on', 'on', 'off']),
    offload: drawer.oneOf(['on', 'on', 'off']),
    offloadThreads: drawer.evenly(1, 8),
  }
}

/** How the drawn server is measured from the command line; `run` compares with something. */
export function runCommand(drawn: DrawnServer, load: string): string {
  const parameters = Object.entries(drawn.parameters).map(
    ([name, value]) => ` --param ${name}=${value}`,
  )
  return `crossover run ${drawn.scenario}${parameters.join('')} --arms ${drawn.arm},sharded --loads ${load}`
}

/** A sharded server of two shards with a key that nearly all requests want. */
export function drawHotPeer(seed: number): DrawnServer {
  const drawer = new Drawer(combineSeeds(seed))
  const options = {
    idle: drawer.oneOf(['poll', 'spin-park', 'park']),
    // Nobody waits for a permit of the port.
    permits: 8_192,
    batch: drawer.between(1, 64),
    ringCapacity: drawer.powerOfTwo(2, 64),
  }
  const arm = ['sharded', ...Object.entries(options).map(([name, value]) => `${name}=${value}`)]
  return {
    seed,
    scenario: HOT_STORE,
    parameters: {},
    arm: arm.join(':'),
    cores: 2,
    loadShare: 1,
    window: 1,
  }
}
