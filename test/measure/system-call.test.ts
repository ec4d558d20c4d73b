import { expect, test } from 'vitest'
import { loadSystemCall } from '../../harness/measure/affinity.ts'

test.runIf(process.platform === 'linux')(
  'one enters the kernel, the other answers from memory',
  () => {
    const call = loadSystemCall()
    if (call === null) return
    expect(call.enters()).toBe(process.ppid)
    expect(call.stays() % 4_096).toBe(0)
  },
)
