import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { endWithParent } from '../../harness/measure/own-process.ts'

const MODULE = new URL('../../harness/measure/own-process.ts', import.meta.url).href

function hasKoffi(): boolean {
  try {
    createRequire(import.meta.url)('koffi')
    return true
  } catch {
    return false
  }
}
const CAN = process.platform === 'linux' && hasKoffi()

/** Says whether it will end with its parent, and who it is; runs until then. */
const CHILD = `
  const { endWithParent } = await import(${JSON.stringify(MODULE)})
  console.log(JSON.stringify({ ends: endWithParent(), id: process.pid }))
  setInterval(() => {}, 1_000)`
/** Starts the child with its own output, and does nothing at its end. */
const PARENT = `
  const { spawn } = await import('node:child_process')
  const options = { stdio: ['ignore', 'inherit', 'inherit'], detached: true }
  spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(CHILD)}], options)
  setInterval(() => {}, 1_000)`

async function startPair(): Promise<{ parent: ChildProcess; ends: boolean; id: number }> {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string]
  return { parent, ...(JSON.parse(line) as { ends: boolean; id: number }) }
}

/** One letter of /proc, such as T for stopped; null for a process that is gone, also while nobody has taken note of its end. */
function stateOf(id: number): string | null {
  try {
    const [, state = null] = /\) (\S)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? []
    return state === 'Z' ? null : state
  } catch {
    return null
  }
}

test.runIf(CAN).each([false, true])(
  'a process ends when the one that started it is killed, stopped: %s',
  async (isStopped) => {
    const { parent, ends, id } = await startPair()
    try {
      expect(ends).toBe(true)
      if (isStopped) process.kill(id, 'SIGSTOP')
      await expect.poll(() => stateOf(id) === 'T').toBe(isStopped)
      expect(stateOf(id)).not.toBeNull()
      parent.kill('SIGKILL')
      await expect.poll(() => stateOf(id), { timeout: 5_000 }).toBeNull()
    } finally {
      parent.kill('SIGKILL')
      if (stateOf(id) !== null) process.kill(id, 'SIGKILL')
    }
  },
)

test.skipIf(process.platform === 'linux')('elsewhere it says that it cannot', () => {
  expect(endWithParent()).toBe(false)
})
