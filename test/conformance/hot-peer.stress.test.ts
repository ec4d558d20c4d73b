import { expect, test } from 'vitest'
import { drawSeed } from '../../harness/base/random.ts'
import { NS_PER_MS } from '../../harness/base/units.ts'
import type { PhaseLogMemory } from '../../harness/measure/phase-log.ts'
import { CELL_INGRESS } from '../../harness/shared-memory/phase-layout.ts'
import { drawHotPeer, runCommand } from './drawn-server.ts'
import { withServer } from './played-server.ts'

const SERVERS = 3
const FIRST_SEED = Number(process.env['STRESS_SEED'] ?? drawSeed())
const STEADY_NS = 600 * NS_PER_MS
/** 1.5 times what the hot shard can do, 0.08 times what the other can. */
const PER_SECOND = 1_600
/** On a busy machine the cold reactor waits for its processor, too; behind a hot peer its port waited for 100 ms and more. */
const LONGEST_MEDIAN_NS = 30 * NS_PER_MS
const TIME_LIMIT_MS = 120_000

/** The median of what sampled requests waited at their port until it took them. */
function medianIngressNs({ records, recordFloats, counts }: PhaseLogMemory): number {
  const waits = Array.from(
    { length: counts[0]! },
    (_, request) => records[request * recordFloats + CELL_INGRESS]!,
  )
  return waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)]!
}

test(
  `a reactor reads its port however much of it waits for a hot peer: STRESS_SEED=${FIRST_SEED}`,
  { timeout: TIME_LIMIT_MS },
  async () => {
    const faults: string[] = []
    for (let server = 0; server < SERVERS; server++) {
      const drawn = drawHotPeer(FIRST_SEED + server)
      const [fault, waitsNs] = await withServer(drawn, STEADY_NS, async (played) => [
        await played.play({ perSecond: PER_SECOND }),
        played.phaseLogs().map(medianIngressNs),
      ])
      const where = `STRESS_SEED=${drawn.seed} ${runCommand(drawn, `${PER_SECOND}/s`)}`
      if (fault !== null) faults.push(`${fault}: ${where}`)
      // The hot reactor’s own port waits since nobody could serve it faster.
      const coldNs = Math.min(...waitsNs)
      if (!(coldNs < LONGEST_MEDIAN_NS))
        faults.push(`requests wait ${Math.round(coldNs / NS_PER_MS)} ms at the port: ${where}`)
    }
    expect(faults.join('\n')).toBe('')
  },
)
