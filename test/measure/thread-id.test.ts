import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kernelThreadId } from '../../harness/measure/affinity.ts'

test.runIf(process.platform === 'linux')('the id names a thread of this process', () => {
  expect(existsSync(`/proc/self/task/${kernelThreadId()}`)).toBe(true)
})
