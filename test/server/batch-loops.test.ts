import { expect, test } from 'vitest'
import { runError } from '../../harness/base/errors.ts'
import type { Access } from '../../harness/contract/stage.ts'
import {
  READ_OPERATION,
  type Records,
  type Request,
  UPDATE_OPERATION,
} from '../../harness/contract/request.ts'
import type { Step } from '../../harness/contract/architecture.ts'
import { compileLoops } from '../../harness/server/batch-loops.ts'
import type { StagePromises } from '../../harness/server/stage-promises.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const RECORDS = {} as Records
const SLOTS = Int32Array.of(50, 51, 52, 53, 54)

/** A view that writes down what happens to it; odd slots are updates, the hash is ten times the slot. */
function observed() {
  const log: string[] = []
  let slot = -1
  const view = {
    at: (next: number) => {
      slot = next
    },
    get hash() {
      return slot * 10
    },
    get operation() {
      return slot % 2 === 0 ? READ_OPERATION : UPDATE_OPERATION
    },
  } as unknown as Parameters<Step['runBatch']>[0]
  const run = (request: Request, records: Records) => {
    expect(request).toBe(view)
    expect(records).toBe(RECORDS)
    log.push(`run ${slot}`)
  }
  const guard = {
    snapshots: null,
    lock: (hash: number, write: boolean) => log.push(`lock ${hash} ${write}`),
    unlock: (hash: number, write: boolean) => log.push(`unlock ${hash} ${write}`),
  }
  return { log, view, run, guard }
}

test('a batch runs from … to − 1, one after the other', () => {
  const { log, view, run } = observed()
  compileLoops('work', 'none', run).runBatch(view, SLOTS, 1, 4, RECORDS)
  expect(log).toEqual(['run 51', 'run 52', 'run 53'])
})

test.each<[Access, boolean, boolean]>([
  ['read', false, false],
  ['write', true, true],
  ['by-operation', false, true],
])('access %s locks each request’s key, reads %s and updates %s', (access, read, update) => {
  const { log, view, run, guard } = observed()
  compileLoops('work', access, run).runGuarded(view, SLOTS, 0, 2, RECORDS, guard)
  expect(log).toEqual([
    `lock 500 ${read}`,
    'run 50',
    `unlock 500 ${read}`,
    `lock 510 ${update}`,
    'run 51',
    `unlock 510 ${update}`,
  ])
})

test.each<[Access, readonly string[]]>([
  ['read', ['run 50 on a snapshot', 'run 51 on a snapshot']],
  [
    'write',
    ['lock 500 true', 'run 50', 'unlock 500 true', 'lock 510 true', 'run 51', 'unlock 510 true'],
  ],
  ['by-operation', ['run 50 on a snapshot', 'lock 510 true', 'run 51', 'unlock 510 true']],
])('with snapshots of records, access %s locks for writes only', (access, expected) => {
  const { log, view, guard } = observed()
  const snapshots = {} as Records
  const run = (_: Request, records: Records) =>
    void log.push(`run ${view.hash / 10}${records === snapshots ? ' on a snapshot' : ''}`)
  compileLoops('work', access, run).runGuarded(view, SLOTS, 0, 2, RECORDS, { ...guard, snapshots })
  expect(log).toEqual(expected)
})

test.each(['runBatch', 'runGuarded'] as const)('%s names the stage that threw', (loop) => {
  const { view, guard } = observed()
  const cause = new TypeError('no such record')
  const loops = compileLoops('apply', 'write', () => {
    throw cause
  })
  const failure = caughtFailure(() => loops[loop](view, SLOTS, 0, 1, RECORDS, guard))
  expect(failure).toMatchObject({
    kind: 'run',
    code: 'stage-failed',
    message: 'a stage threw: stage=apply: no such record',
    cause,
  })
})

test('what is thrown need not be an error', () => {
  const { view } = observed()
  const { runBatch } = compileLoops('apply', 'none', () => {
    // oxlint-disable-next-line typescript/only-throw-error -- a scenario may
    throw 'a string'
  })
  expect(caughtFailure(() => runBatch(view, SLOTS, 0, 1, RECORDS)).message).toBe(
    'a stage threw: stage=apply: a string',
  )
})

test('each handler gets code of its own', () => {
  const one = compileLoops('a', 'none', () => {})
  const other = compileLoops('a', 'none', () => {})
  expect(one.runBatch).not.toBe(other.runBatch)
})

test('a loop shows its stage while it runs and counts how often it began', () => {
  const { view, guard } = observed()
  const words = new Int32Array(2)
  const seen: number[] = []
  const run = () => void seen.push(...words)
  const loops = compileLoops('a', 'write', run, { words, stage: 4 })
  loops.runBatch(view, SLOTS, 0, 1, RECORDS)
  loops.runGuarded(view, SLOTS, 0, 1, RECORDS, guard)
  expect(seen).toEqual([5, 1, 5, 2])
  expect([...words]).toEqual([0, 2])
})

/** What two loops throw behind the first request of whose batch a stage makes a promise. */
function afterMaking(made: () => Promise<unknown>) {
  const promises: StagePromises = { made: null }
  const { view, log, guard } = observed()
  const run = () => {
    log.push('run')
    promises.made ??= made()
  }
  const beacon = { words: new Int32Array(2), stage: 0, promises }
  const loops = compileLoops('apply', 'write', run, beacon)
  const plain = caughtFailure(() => loops.runBatch(view, SLOTS, 0, 2, RECORDS))
  const guarded = caughtFailure(() => loops.runGuarded(view, SLOTS, 0, 2, RECORDS, guard))
  return [plain, guarded]
}

test.each([
  [new Error('enough'), 'enough'],
  [new TypeError('no number'), 'TypeError: no number'],
  ['a string', "'a string'"],
])('a promise that a stage made and that was rejected ends the batch: %s', (reason, told) => {
  const failures = afterMaking(() => {
    const made = Promise.reject(reason)
    made.catch(() => {})
    return made
  })
  for (const { code, message } of failures)
    expect([code, message]).toEqual([
      'stage-failed',
      `a promise that a stage made was rejected: stage=apply: ${told}`,
    ])
})

test.each([
  ['pending', () => new Promise(() => {})],
  ['kept', () => Promise.resolve(1)],
])('a promise that a stage made and that is %s ends the batch', (_, made) => {
  for (const { code, message } of afterMaking(made)) {
    expect(code).toBe('stage-promise')
    expect(message).toMatch(/^a stage made a promise: stage=apply: run must be synchronous/)
  }
})

test('no two loops have the same text, for which V8 would keep one code and one type feedback', () => {
  const { run } = observed()
  const loops = [compileLoops('a', 'none', run), compileLoops('a', 'none', run)]
  const texts = loops.flatMap(({ runBatch, runGuarded }) => [String(runBatch), String(runGuarded)])
  expect(new Set(texts).size).toBe(4)
})

test('errors of ours pass as they are', () => {
  const { view } = observed()
  const own = runError('undeclared-access', 'stage touches')
  const { runBatch } = compileLoops('a', 'none', () => {
    throw own
  })
  expect(caughtFailure(() => runBatch(view, SLOTS, 0, 1, RECORDS))).toBe(own)
})

test('a stall detector is told of each request, its lock not included', () => {
  const { log, view, run, guard } = observed()
  const stalls = {
    begin: () => log.push('begin'),
    ended: (stage: number) => log.push(`ended ${stage}`),
  }
  const beacon = { words: new Int32Array(2), stage: 3, stalls }
  const loops = compileLoops('work', 'write', run, beacon)
  loops.runBatch(view, SLOTS, 0, 2, RECORDS)
  expect(log.splice(0)).toEqual(['begin', 'run 50', 'ended 3', 'begin', 'run 51', 'ended 3'])
  loops.runGuarded(view, SLOTS, 0, 1, RECORDS, guard)
  expect(log).toEqual(['lock 500 true', 'begin', 'run 50', 'ended 3', 'unlock 500 true'])
})
