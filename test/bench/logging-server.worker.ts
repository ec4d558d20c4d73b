import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { ThreadClock } from '../../harness/base/clock.ts'

/** What the logging server is given: where the instants go, one per request, on the clock of this origin. */
export interface LoggingRequest {
  readonly originNs: bigint
  /** Cell 0 counts the requests; the instants follow. */
  readonly log: Float64Array<SharedArrayBuffer>
}

/*
 * A server that does nothing but write down when requests arrive: each read of a socket is a request, since nobody who is
 * measured with it pipelines.
 */
const { originNs, log } = workerData as LoggingRequest
const clock = new ThreadClock(originNs)
const REPLY = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!',
)
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => {
    const count = log[0]!
    if (count + 1 < log.length) log[count + 1] = clock.nowNs()
    log[0] = count + 1
    socket.write(REPLY)
  })
  socket.on('error', () => {})
})
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage((server.address() as { port: number }).port)
})
