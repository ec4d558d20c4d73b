import { lookup } from 'node:dns/promises'
import { BlockList } from 'node:net'
import { cpus as processors } from 'node:os'
import type { Command } from 'commander'
import { parseArm } from '../asked/arms.ts'
import { parseCpus } from '../asked/cpus.ts'
import { parseAssignments } from '../asked/parameters.ts'
import { refuseOverHttp } from '../asked/transport.ts'
import { type CrossoverError, usageError } from '../base/errors.ts'
import type { Arm } from '../contract/architecture.ts'
import { findTcpPorts, requireTcpPorts } from '../ports/http/tcp-ports.ts'
import { loadScenario } from '../scenario/load.ts'
import { createTrialContext } from '../trial/context.ts'
import { HttpServer } from '../trial/http-server.ts'
import { COUNT, formatQuantity, PER_SECOND } from '../words/format.ts'
import { watchInterruption } from './failure.ts'
import { cpusOption, paramOption, wholeNumber } from './options.ts'
import { ProgressLine } from './progress/terminal.ts'

/** Figures of one port, or of all together. */
type ServeFigures = ReturnType<HttpServer['figures']>[number]

/** The figures of all ports together. */
function sumFigures(ports: readonly ServeFigures[]): ServeFigures {
  const [first, ...others] = ports
  if (first === undefined) throw new RangeError('a server has at least one port')
  const names = Object.keys(first) as (keyof ServeFigures)[]
  return Object.fromEntries(
    names.map((name) => [name, others.reduce((sum, port) => sum + port[name], first[name])]),
  ) as ServeFigures
}

/**
 * One line of counters: since the start, or with the rate since an earlier reading.
 * @param seconds since that.
 */
function countersLine(now: ServeFigures, before?: ServeFigures, seconds = 1): string {
  const rate =
    before === undefined
      ? ''
      : `${formatQuantity((repliesIn(now) - repliesIn(before)) / seconds, PER_SECOND)}, `
  const count = (value: number) => formatQuantity(value, COUNT)
  return (
    `${rate}${count(repliesIn(now))} replies (2xx ${count(now.replies2xx)}, 4xx ${count(now.replies4xx)}, ` +
    `5xx ${count(now.replies5xx)}), ${now.connections} connections, ${now.inFlight} in flight`
  )
}

function repliesIn({ replies2xx, replies4xx, replies5xx }: ServeFigures): number {
  return replies2xx + replies4xx + replies5xx
}

/** What commander makes of the flags of `crossover serve`. */
interface ServeFlags {
  /** TCP port; 0 for any. */
  readonly port: number
  readonly host: string
  readonly scenario: string
  /** `name=value` texts. */
  readonly param?: readonly string[]
  readonly cpus?: string
}

const LINE_MS = 1_000
/** To a file a line goes this often only, and none while nothing happens. */
const LINES_PER_KEPT = 10

/** Serves until it is interrupted. @throws when the address cannot be had or a thread fails. */
async function executeServe(armText: string, flags: ServeFlags): Promise<void> {
  const arm = parseArm(armText, {}, 'serve')
  const cpus = parseCpus(flags.cpus)
  const loaded = await loadScenario(flags.scenario, parseAssignments(flags.param ?? [], '--param'))
  refuseOverHttp(loaded.scenario.workload(loaded.params))
  const { host } = flags
  const local = await isLoopback(host)
  if (flags.port !== 0) await requireTcpPorts(host, flags.port, 1, '--port')
  const firstTcpPort = flags.port === 0 ? await findTcpPorts(host, 1) : flags.port
  const line = new ProgressLine(process.stderr)
  const interruption = watchInterruption(line, ': what is in flight is answered')
  const { signal } = interruption
  const context = createTrialContext({ loaded, arms: [arm], cpus, virtualCores: null, signal })
  const listen = { host, firstTcpPort, shared: true }
  const server = await HttpServer.start(context, arm, listen, spinnersOf(arm, cpus, local))
  const ticking = tick(server, line)
  try {
    console.log(`${arm.label} serves ${loaded.scenario.name} at ${urlOf(host, firstTcpPort)}`)
    if (!local) console.error(`warning: listening on ${host}: other machines may reach it`)
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

/**
 * Clients of the loopback share the processors where the server has all of the machine’s: a thread that spins by default would spin on
 * what they need (`npm run bench:throughput`: sharded 1.14 times as fast as `node:cluster` spinning, 1.52 times parking).
 */
function spinnersOf({ options }: Arm, cpus: readonly number[], local: boolean): number {
  const isShared = local && cpus.length === processors().length
  return isShared && options['idle'] === 'auto' ? 0 : cpus.length
}

const LOOPBACK_ADDRESSES = new BlockList()
LOOPBACK_ADDRESSES.addSubnet('127.0.0.0', 8)
LOOPBACK_ADDRESSES.addAddress('::1', 'ipv6')

/**
 * Whether all addresses of a host are of this machine alone: a name such as 127.evil.example may have any.
 * @throws CrossoverError of kind `usage` where it has none; an empty one would mean every interface.
 */
export async function isLoopback(host: string): Promise<boolean> {
  if (host.trim() === '') throw wrongHost('--host (empty): not an address')
  const addresses = await lookup(host, { all: true }).catch((cause: unknown) => {
    throw wrongHost(`--host ${host}: no such host`, cause)
  })
  return addresses.every(({ address, family }) =>
    LOOPBACK_ADDRESSES.check(address, family === 6 ? 'ipv6' : 'ipv4'),
  )
}

function wrongHost(message: string, cause?: unknown): CrossoverError {
  return usageError(
    'host',
    message,
    'choose another --host: 127.0.0.1, which is this machine alone, or 0.0.0.0 for all of its addresses',
    cause,
  )
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

const NOTES = `
Routes of kv-update:
  GET /kv/<key>   the value; PUT /kv/<key> replaces it, also in chunks. Keys are user0000aaaaaaaa to user0000aaabigjp: user0000 and the
                  key's number in base 16, digits a to p; a value has up to 92 bytes
  GET /healthz    ok
  GET /stats      counters as JSON
HEAD asks for any of them without its text, OPTIONS for what is allowed there. Expect: 100-continue is answered. A connection
of HTTP/1.0 ends after its reply, also with keep-alive.

Ctrl-C answers what is in flight and ends it.

Examples:
  crossover serve sharded
  crossover serve staged:layout=fused --port 9000
  crossover serve sharded --scenario http-plaintext --cpus 0-1`

/** `crossover serve`: one architecture as an HTTP server, for other programs. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run one architecture as an HTTP server, for curl, wrk, k6 or a debugger')
    .argument('<arm>', 'architecture[:option=value…], e.g. staged, sharded, staged:layout=fused')
    .option(
      '--port <number>',
      'TCP port, shared by all of the server’s ports; 0 for any that is free',
      wholeNumber('--port', { minimum: 0, maximum: 65_535 }),
      8_080,
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--scenario <name>',
      'what is served: a name or the path of a scenario file',
      'kv-update',
    )
    .addOption(paramOption())
    .addOption(cpusOption())
    .addHelpText('after', NOTES)
    .action(async (arm: string, flags: ServeFlags) => {
      await executeServe(arm, flags)
    })
}
