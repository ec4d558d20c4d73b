import { expect, test } from 'vitest'
import { valueChecksum } from '../../harness/base/hash.ts'
import { type Request, STATUS_OK } from '../../harness/contract/request.ts'
import { acknowledge } from '../../harness/workload/handlers.ts'

test('replies with version 0 and the checksum of the key, which it hashes first', () => {
  const calls: unknown[] = []
  let hash = 0
  const request = {
    get hash() {
      return hash
    },
    hashKey: () => {
      hash = 4_711
    },
    reply: (...reply: unknown[]) => calls.push(reply),
  } as unknown as Request
  acknowledge(request)
  expect(calls).toEqual([[STATUS_OK, 0, valueChecksum(4_711, 0)]])
})
