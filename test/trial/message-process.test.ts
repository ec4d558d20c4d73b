import { expect, test } from 'vitest'
import { MessageProcess } from '../../harness/trial/message-process.ts'

test('however many processes run, one listener ends them with the program; none is left behind', async () => {
  const before = process.listenerCount('exit')
  const path = new URL('../../harness/trial/server.process.ts', import.meta.url)
  const title = { endedCode: 'ended', subject: 'the process' }
  const { signal } = new AbortController()
  const processes = Array.from({ length: 12 }, () => new MessageProcess(path, title, signal))
  expect(process.listenerCount('exit')).toBe(before + 1)
  await Promise.all(processes.map((each) => each.end()))
  expect(process.listenerCount('exit')).toBe(before)
})
