import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { playLog, readRequestLog } from '../../harness/scenario/read-request-log.ts'
import { tinyTrials } from '../../harness/trial/run-trial.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import type { RequestLog } from '../../harness/workload/request-log.ts'
import { CPUS } from './bench.ts'

const TIME_LIMIT_MS = 20_000

/** Skewed keys of all sizes, half of the requests updates. */
async function sampleLog(): Promise<RequestLog> {
  const random = seededRandom(7)
  const folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  try {
    let instant = 0
    const lines = Array.from({ length: 2_000 }, () => {
      instant -= Math.log(1 - random.unit()) / 2_000
      const key = Math.floor(300 * random.unit() ** 3)
      const bytes = Math.floor((key * 8_192) / 300)
      return `${instant.toFixed(6)},${random.unit() < 0.5 ? 'get' : 'put'},user:${key},${bytes}`
    })
    const path = join(folder, 'log.csv')
    writeFileSync(path, ['instant,operation,key,bytes', ...lines].join('\n'))
    return await readRequestLog(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test.each(['staged', 'staged:layout=fused', 'sharded', 'sharded:routing=shard-aware'])(
  '%s plays a log, with values of all sizes, and answers it rightly',
  { timeout: TIME_LIMIT_MS },
  async (text) => {
    const loaded = playLog(await loadScenario('kv-update', {}), await sampleLog())
    const { signal } = new AbortController()
    const [arm] = parseArms(`${text},staged`)
    const arms = [arm]
    const context = createTrialContext({ loaded, arms, cpus: CPUS, virtualCores: null, signal })
    expect(context.keySpace.payloadBytes).toEqual(loaded.log!.sizes.payloadBytes)
    // Throws when an answer is wrong or missing.
    const trial = (await tinyTrials(context, 1, arm))[1]
    expect(trial.counts.due).toBeGreaterThan(0)
  },
)
