import { HttpServer } from '../experiment/http-server.ts'
import { loadScenario } from '../experiment/load-scenario.ts'
import { parseArm } from '../experiment/parse-arms.ts'
import { parseCpus } from '../experiment/parse-cpus.ts'
import { parseAssignments } from '../experiment/parse-parameters.ts'
import { refuseOverHttp } from '../experiment/refuse-over-http.ts'
import { findTcpPorts, requireTcpPorts } from '../experiment/tcp-ports.ts'
import { createTrialContext } from '../experiment/trial-context.ts'
import { ProgressLine } from './progress-line.ts'
import type { ServeFlags } from './serve-flags.ts'
import { countersLine, sumFigures } from './serve-figures.ts'
import { watchInterruption } from './interruption.ts'

const LINE_MS = 1_000
/** To a file a line goes this often only, and none while nothing happens. */
const LINES_PER_KEPT = 10

/** Serves until it is interrupted. @throws when the address cannot be had or a thread fails. */
export async function executeServe(armText: string, flags: ServeFlags): Promise<void> {
  const arm = parseArm(armText, {}, 'serve')
  const cpus = parseCpus(flags.cpus)
  const loaded = await loadScenario(flags.scenario, parseAssignments(flags.param ?? [], '--param'))
  refuseOverHttp(loaded.scenario.workload(loaded.params))
  const { host } = flags
  if (flags.port !== 0) await requireTcpPorts(host, flags.port, 1, '--port')
  const firstTcpPort = flags.port === 0 ? await findTcpPorts(host, 1) : flags.port
  const line = new ProgressLine(process.stderr)
  const interruption = watchInterruption(() => {
    line.keep('stopping: what is in flight is answered. Again to stop at once')
  })
  const { signal } = interruption
  const context = createTrialContext({ loaded, arms: [arm], cpus, virtualCores: null, signal })
  const server = await HttpServer.start(context, arm, { host, firstTcpPort, shared: true })
  const ticking = tick(server, line)
  try {
    console.log(`${arm.label} serves ${loaded.scenario.name} at ${urlOf(host, firstTcpPort)}`)
    if (!isLoopback(host))
      console.error(`warning: listening on ${host}: other machines may reach it`)
    await server.serveUntil(signal)
  } finally {
    clearInterval(ticking)
    await server.stop()
    context.blockFile?.close()
    interruption.stop()
    line.end()
    console.error(countersLine(sumFigures(server.figures())))
  }
}

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === '::1' || host === 'localhost'
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A counters line: rewritten each second on a terminal, and now and then in a file. */
function tick(server: HttpServer, line: ProgressLine): NodeJS.Timeout {
  let before = sumFigures(server.figures())
  let kept = before
  let ticks = 0
  return setInterval(() => {
    const now = sumFigures(server.figures())
    ticks++
    line.draw(countersLine(now, before, 1))
    before = now
    if (line.isRewritten || ticks % LINES_PER_KEPT !== 0) return
    if (now.received !== kept.received) line.keep(countersLine(now, kept, LINES_PER_KEPT))
    kept = now
  }, LINE_MS)
}
