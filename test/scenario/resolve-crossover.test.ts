import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const HOOK = new URL('../../harness/scenario/resolve-crossover.ts', import.meta.url).href
const PUBLIC_ENTRY = new URL('../../harness/index.ts', import.meta.url).href

/** What a worker thread prints that imports a module far away from this package, below this package.json. */
function importedByWorker(packageJson: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  try {
    if (packageJson !== undefined) writeFileSync(join(folder, 'package.json'), packageJson)
    mkdirSync(join(folder, 'deep'))
    const outside = join(folder, 'deep', 'outside.ts')
    writeFileSync(
      outside,
      `import { defineScenario } from 'crossover'
       import { defineScenario as theSame } from '${PUBLIC_ENTRY}'
       const isSame: boolean = defineScenario === theSame
       console.log(isSame ? 'the same module' : 'a copy')`,
    )
    const worker = join(folder, 'thread.mjs')
    writeFileSync(
      worker,
      `import { registerCrossoverName } from '${HOOK}'
       registerCrossoverName()
       registerCrossoverName()
       await import('${pathToFileURL(outside).href}')`,
    )
    const main = join(folder, 'main.mjs')
    writeFileSync(
      main,
      `import { Worker } from 'node:worker_threads'
       new Worker(new URL('./thread.mjs', import.meta.url))`,
    )
    return execFileSync(process.execPath, [main], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test.each([undefined, '{}', '{ "type": "commonjs" }', '{ "type": "module" }'])(
  'a worker thread imports crossover from outside, package.json = %j',
  (packageJson) => {
    expect(importedByWorker(packageJson)).toBe('the same module\n')
  },
)
