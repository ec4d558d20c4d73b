import { expect, test } from 'vitest'
import { CostThread } from '../../../harness/experiment/calibrate/cost-thread.ts'

const never = new AbortController().signal

async function nextOf(
  trouble: string,
  { limitSeconds = 20, signal = never, replies = 1 } = {},
): Promise<unknown> {
  const thread = new CostThread<{ kind: 'first' } | { kind: 'second' }>({
    entry: new URL('troubled.worker.ts', import.meta.url),
    data: { trouble },
    limitSeconds,
    signal,
  })
  try {
    for (let reply = 1; reply < replies; reply++) await thread.next()
    return await thread.next()
  } finally {
    await thread.end()
  }
}

test.each([
  ['fails', { code: 'lock-stuck', message: 'calibration failed: mutex not released' }],
  ['throws', { message: 'out of luck' }],
  ['ends', { code: 'calibration-ended' }],
])('a thread that %s is heard', async (trouble, error) => {
  await expect(nextOf(trouble)).rejects.toMatchObject(error)
})

test('a thread that sleeps is ended when its time is over', async () => {
  await expect(nextOf('sleeps', { limitSeconds: 0.1234567 })).rejects.toMatchObject({
    kind: 'run',
    code: 'calibration-late',
    message: 'calibration failed: not measured within 123 ms',
  })
})

test('a thread that sleeps is ended when the user stops it', async () => {
  const controller = new AbortController()
  const outcome = nextOf('sleeps', { signal: controller.signal })
  controller.abort()
  await expect(outcome).rejects.toMatchObject({ kind: 'run', code: 'interrupted' })
})

test('of two replies at once none is lost', async () => {
  await expect(nextOf('answers twice', { replies: 2 })).resolves.toEqual({ kind: 'second' })
})
