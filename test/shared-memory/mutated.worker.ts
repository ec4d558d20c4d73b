import { registerHooks } from 'node:module'
import { workerData } from 'node:worker_threads'
import type { Mutant } from './threads.ts'

// Runs a thread of a stress test on sources in which something is broken on purpose, to see the test notice.

const { entry, mutants } = workerData as { entry: string; mutants: readonly Mutant[] }
const applied = new Set<Mutant>()

/** The source with the mutant in it, whose text must be there once: a mutant that no longer fits its file fails its test. */
function mutate(source: string, mutant: Mutant): string {
  const parts = source.split(mutant.from)
  if (parts.length !== 2)
    throw new Error(`mutant fits ${parts.length - 1} times: ${mutant.file}: ${mutant.from}`)
  applied.add(mutant)
  return parts.join(mutant.to)
}

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const here = mutants.filter(({ file }) => url.endsWith(`/harness/${file}`))
    if (here.length === 0) return loaded
    const source = Buffer.from(loaded.source as Uint8Array).toString()
    return { ...loaded, source: here.reduce(mutate, source) }
  },
})

await import(entry)
if (applied.size < mutants.length) throw new Error('a mutant’s file was never loaded')
