import { runError } from '../base/errors.ts'
import type { Access, Records, Request } from '../contract/scenario.ts'
import type { Step } from '../contract/architecture.ts'
import { READ_OPERATION } from '../contract/scenario.ts'

type RunBatch = Step['runBatch']
type RunGuarded = Step['runGuarded']

const PLAIN = `return (view, slots, from, to, records) => {
  try {
    for (let i = from; i < to; i++) {
      view.at(slots[i])
      run(view, records)
    }
  } catch (error) {
    fail(error)
  }
}`

const GUARDED = `return (view, slots, from, to, records, guard) => {
  try {
    for (let i = from; i < to; i++) {
      view.at(slots[i])
      const hash = view.hash
      const write = isWrite(view.operation)
      guard.lock(hash, write)
      run(view, records)
      guard.unlock(hash, write)
    }
  } catch (error) {
    fail(error)
  }
}`

/**
 * A handler's loops over a batch, compiled anew for each handler. One loop shared by all handlers would call through a
 * site that has seen many targets, which V8 neither inlines nor optimises together with the loop; a loop of its own costs
 * about 4 ns less per request and stage. Both architectures run these loops; the text has nothing of the scenario in it.
 */
export function compileLoops(
  name: string,
  access: Access,
  run: (request: Request, records: Records) => void,
): { runBatch: RunBatch; runGuarded: RunGuarded } {
  const isWrite =
    access === 'by-operation'
      ? (operation: number) => operation !== READ_OPERATION
      : () => access === 'write'
  const fail = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error)
    throw runError('stage-failed', `a stage threw: stage=${name}: ${message}`, undefined, error)
  }
  return {
    // oxlint-disable-next-line typescript/no-implied-eval -- the only way to give each handler its own code and type feedback
    runBatch: new Function('run', 'fail', PLAIN)(run, fail) as RunBatch,
    // oxlint-disable-next-line typescript/no-implied-eval -- likewise
    runGuarded: new Function('run', 'isWrite', 'fail', GUARDED)(run, isWrite, fail) as RunGuarded,
  }
}
