import { valueChecksum } from '../../harness/base/hash.ts'
import { READ_OPERATION, STATUS_OK } from '../../harness/contract/request.ts'
import type { Stage } from '../../harness/contract/stage.ts'

/** Increments a version per update: all that a server must get right, in as many stages as a request can have. */
export const COUNTER_STAGES: readonly Stage[] = [
  { name: 'decode', codec: 'decode' },
  { name: 'route', run: (request) => request.hashKey() },
  {
    name: 'apply',
    access: 'by-operation',
    run(request, records) {
      const record = records.find(request)
      if (request.operation === READ_OPERATION) {
        records.copyValueTo(record, request)
        return request.reply(STATUS_OK, records.version(record), records.checksum(record))
      }
      records.replaceValue(record, request)
      const version = records.version(record) + 1
      records.setHead(record, version, valueChecksum(request.hash, version))
      request.reply(STATUS_OK, version, valueChecksum(request.hash, version))
    },
  },
  { name: 'encode', codec: 'encode' },
]
