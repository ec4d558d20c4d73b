import { expect, test } from 'vitest'
import { NS_PER_SECOND } from '../../harness/base/units.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import { mindsOthers, waitForQuiet, type Waiting } from '../../harness/cli/quiet.ts'
import type { MachineLook } from '../../harness/trial/machine-look.ts'

const QUIET: MachineLook = { othersShare: 0.01, stealShare: 0, isQuiet: true, programs: [] }
const BUSY: MachineLook = {
  othersShare: 0.59,
  stealShare: 0,
  isQuiet: false,
  programs: [{ name: 'python3', share: 0.58 }],
}

/** A machine on a clock that looks alone advance. @param lookAt what the one that ends then sees */
function machine(
  lookAt: (seconds: number) => MachineLook | null,
  changes: Partial<Waiting> = {},
): Waiting & { readonly told: () => string; readonly looks: number[] } {
  let seconds = 0
  let told = ''
  const looks: number[] = []
  return {
    look: async (length, signal) => {
      signal.throwIfAborted()
      looks.push(length)
      seconds += length
      return lookAt(seconds)
    },
    doubts: () => [],
    clock: { nowNs: () => seconds * NS_PER_SECOND },
    sink: { write: (text) => (told += text) },
    onKey: null,
    told: () => told,
    looks,
    ...changes,
  }
}

let discarded = 0
const folder = { discardIfEmpty: () => void discarded++ }
const wait = (waiting: Waiting, waitQuiet?: number) =>
  waitForQuiet({ cpus: [0, 1] }, waitQuiet === undefined ? {} : { waitQuiet }, folder, waiting)

test('a quiet machine costs one look of less than a second, and no word', async () => {
  const quiet = machine(() => QUIET)
  await wait(quiet)
  expect(quiet.told()).toBe('')
  expect(quiet.looks).toEqual([0.7])
})

test('a busy machine is told first, with who it is, and waited for until it is quiet', async () => {
  const busy = machine((seconds) => (seconds < 10 ? BUSY : QUIET))
  await wait(busy)
  expect(busy.told()).toBe(
    [
      '! other programs use 59 % of these 2 processors (python3 58 %): figures would be theirs as well',
      'waiting up to 60 s for a quiet machine; --wait-quiet 0 does not wait',
      'quiet after 10 s',
      '',
    ].join('\n'),
  )
})

test('what is still busy in the end is measured all the same, which is said', async () => {
  const busy = machine(() => BUSY)
  await wait(busy)
  expect(busy.looks.reduce((sum, length) => sum + length)).toBeCloseTo(60.7)
  expect(busy.told()).toContain('\nstill busy after 60 s (other programs use 59 %): measuring all')
  const brief = machine(() => BUSY)
  await wait(brief, 3)
  expect(brief.told()).toContain('still busy after 3 s')
})

test('at a terminal it waits for two minutes, and a key goes on', async () => {
  const patient = machine(() => BUSY, { onKey: () => () => {} })
  await wait(patient)
  expect(patient.told()).toContain('waiting up to 2 min for a quiet machine; a key goes on at once')
  expect(patient.told()).toContain('still busy after 2 min')
  let press = () => {}
  let released = 0
  const pressed = machine((seconds) => (seconds > 5 && press(), BUSY), {
    onKey: (call) => ((press = call), () => released++),
  })
  await wait(pressed)
  expect(pressed.told()).toContain('going on by a key: other programs use 59 %')
  expect(pressed.looks.length).toBeLessThan(8)
  expect(released).toBe(1)
})

test('nobody who asks for answers alone, or says 0, waits or is looked for', async () => {
  const busy = machine(() => BUSY)
  await wait(busy, 0)
  await waitForQuiet({ cpus: [0], answersOnly: true }, {}, folder, busy)
  expect(busy.looks).toEqual([])
  expect(busy.told()).toBe('')
  expect(mindsOthers({}, { waitQuiet: 0 })).toBe(false)
  expect(mindsOthers({ answersOnly: true }, {})).toBe(false)
  expect(mindsOthers({}, { waitQuiet: 5 })).toBe(true)
})

test('where /proc tells nothing it goes on; other doubts are told all the same', async () => {
  const unknown = machine(() => null, {
    doubts: () => ['the control group allows 1.00 processors'],
  })
  await wait(unknown)
  expect(unknown.told()).toBe('! the control group allows 1.00 processors\n')
})

test('Ctrl-C while it waits ends it with nothing measured', async () => {
  const busy = machine((seconds) => (seconds > 3 && process.emit('SIGINT'), BUSY))
  const failure = await wait(busy).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'interrupted' })
  expect(exitCodeOf(failure)).toBe(3)
  expect(process.listenerCount('SIGINT')).toBe(0)
  expect(discarded).toBe(1)
})
