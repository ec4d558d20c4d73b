import { expect, test } from 'vitest'
import {
  READ_OPERATION,
  type Request,
  STATUS_CORRUPT,
  STATUS_NOT_FOUND,
  STATUS_OK,
} from '../../harness/contract/request.ts'
import { gatherLegs } from '../../harness/workload/handlers.ts'

function leg(status: number, version: number, calls: unknown[] = []): Request {
  return {
    operation: READ_OPERATION,
    hash: 0,
    status,
    version,
    checksum: 100 + version,
    hashKey: () => {},
    reply: (...reply) => calls.push(['reply', ...reply]),
    replyText: () => calls.push('replyText'),
    replyHeads: (legs) => calls.push(['replyHeads', legs]),
  }
}

test('a request without legs is left alone', () => {
  const calls: unknown[] = []
  gatherLegs(leg(9, 9, calls), [])
  expect(calls).toEqual([])
})

test.each([
  [[STATUS_OK], STATUS_OK],
  [[STATUS_OK, STATUS_OK, STATUS_OK], STATUS_OK],
  [[STATUS_OK, STATUS_NOT_FOUND, STATUS_OK], STATUS_NOT_FOUND],
  [[STATUS_NOT_FOUND, STATUS_CORRUPT], STATUS_CORRUPT],
])('legs of status %j make a reply of status %i', (statuses, worst) => {
  const legs = statuses.map((status, index) => leg(status, index + 5))
  const calls: unknown[] = []
  gatherLegs(leg(9, 9, calls), legs)
  expect(calls).toEqual([
    ['replyHeads', legs],
    ['reply', worst, 5, 105],
  ])
})
