import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import {
  processSeconds,
  readRuntimeTime,
  subtractRuntimeTime,
} from '../../harness/measure/runtime-time.ts'

const LINUX = process.platform === 'linux'
const BUSY_MS = 60
/** A thread that runs is known to a tick. */
const TICK_SECONDS = 0.01

function beBusy(): void {
  const untilMs = performance.now() + BUSY_MS
  while (performance.now() < untilMs);
}

/** A thread that tells its kernel id, and works when told to, in thread CPU time. */
async function startBusyThread(): Promise<{ id: number; work: () => Promise<void>; end(): void }> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
     const { readlinkSync } = require('node:fs')
     parentPort.on('message', () => {
       const { user, system } = process.threadCpuUsage()
       const used = () => { const now = process.threadCpuUsage(); return now.user + now.system }
       while (used() - user - system < ${BUSY_MS} * 1000);
       parentPort.postMessage('done')
     })
     parentPort.postMessage(Number(readlinkSync('/proc/thread-self').split('/').at(-1)))`,
    { eval: true },
  )
  const [id] = (await once(worker, 'message')) as [number]
  return {
    id,
    work: async () => {
      worker.postMessage('work')
      await once(worker, 'message')
      // It sleeps again, so that the kernel has booked all of it.
      await new Promise((resolve) => setTimeout(resolve, 20))
    },
    end: () => void worker.terminate(),
  }
}

test.runIf(LINUX)('the main thread’s time is its own, whatever the others do', () => {
  const before = readRuntimeTime(new Set(), [])!
  const cpuBefore = process.threadCpuUsage()
  beBusy()
  const cpu = process.threadCpuUsage(cpuBefore)
  const used = subtractRuntimeTime(readRuntimeTime(new Set(), [])!, before)
  const seconds = (cpu.user + cpu.system) / 1e6
  // Where tests share a process each runs in its main thread.
  expect(Math.abs(used.mainSeconds - seconds)).toBeLessThan(2 * TICK_SECONDS)
  expect(used.familySeconds).toBe(0)
})

test.runIf(LINUX)(
  'what a thread uses is a helper’s, unless it is one of the server’s',
  async () => {
    const thread = await startBusyThread()
    try {
      const readings = () => [
        readRuntimeTime(new Set(), [])!,
        readRuntimeTime(new Set([thread.id]), [])!,
      ]
      const before = readings()
      await thread.work()
      const [all, others] = readings().map((later, at) => subtractRuntimeTime(later, before[at]!))
      const busySeconds = BUSY_MS / 1_000
      expect(all!.helperSeconds - others!.helperSeconds).toBeGreaterThan(busySeconds * 0.9)
      expect(all!.helperSeconds - others!.helperSeconds).toBeLessThan(busySeconds * 1.5)
    } finally {
      thread.end()
    }
  },
)

test.runIf(LINUX)('what other processes of the run use is the family’s', async () => {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
  try {
    await expect.poll(() => processSeconds(child.pid!)).toBeGreaterThan(0.05)
    const alone = readRuntimeTime(new Set(), [])!
    const both = readRuntimeTime(new Set(), [child.pid!])!
    expect(alone.familySeconds).toBe(0)
    expect(both.familySeconds).toBeGreaterThan(0.05)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  // It is gone, and took its time with it.
  expect(processSeconds(child.pid!)).toBe(0)
  expect(readRuntimeTime(new Set(), [child.pid!])!.familySeconds).toBe(0)
})

test('a thread that ended in between does not make a time negative', () => {
  const earlier = { helperSeconds: 3, mainSeconds: 1, familySeconds: 2 }
  const later = { helperSeconds: 2.5, mainSeconds: 1.25, familySeconds: 0 }
  expect(subtractRuntimeTime(later, earlier)).toEqual({
    helperSeconds: 0,
    mainSeconds: 0.25,
    familySeconds: 0,
  })
})
