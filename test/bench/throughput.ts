import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { availableCpus } from '../../harness/asked/cpus.ts'
import { findTcpPorts, LOOPBACK } from '../../harness/ports/http/tcp-ports.ts'
import { keyText, payloadText } from '../../harness/workload/http-messages.ts'
import { pairedRatio } from '../stats/paired-ratio.ts'

/*
 * Throughput of both architectures beside that of `node:http` in a `node:cluster` and, where it is installed, of nginx that
 * answers all requests with the same bytes and keeps nothing; driven by wrk: the same requests and processors, in turn, six
 * rounds. Twice: servers and wrk each on a processor of their own, and all on all.
 * `node test/bench/throughput.ts [rounds]`; needs wrk (Debian: apt-get install wrk nginx-light). About four minutes.
 */
const rounds = Number(process.argv[2] ?? 6)
const KEYS = 100_000
const CONNECTIONS = 64
const WARM_UP_SECONDS = 1
const SECONDS = 3
const LEVEL = 0.95
const MAIN = fileURLToPath(new URL('../../harness/cli/main.ts', import.meta.url))
const BASELINE = fileURLToPath(new URL('baseline.process.ts', import.meta.url))
const PAYLOAD_BYTES = 92
const CLUSTER = 'node:http + node:cluster'
const NGINX = 'nginx, return 200'
const HAS_NGINX = spawnSync('nginx', ['-v']).error === undefined
const SERVERS = [CLUSTER, ...(HAS_NGINX ? [NGINX] : []), 'staged', 'staged:layout=fused', 'sharded']

/** Processors of the server and of wrk. */
interface Placing {
  readonly title: string
  readonly server: readonly number[]
  readonly wrk: readonly number[]
}

/** Half reads, half updates, of keys that are spread evenly; an odd number of them, so that each is read and updated. */
function script(): string {
  const keys = Array.from({ length: 1_001 }, (_, index) => keyText((index * 7_919) % KEYS))
  return `
local keys = { ${keys.map((key) => `"${key}"`).join(', ')} }
local body = "${payloadText(0, PAYLOAD_BYTES)}"
local gets, puts, n = {}, {}, 0
function init()
  for i, key in ipairs(keys) do
    gets[i] = wrk.format("GET", "/kv/" .. key)
    puts[i] = wrk.format("PUT", "/kv/" .. key, nil, body)
  end
end
function request()
  n = n + 1
  local i = n % #keys + 1
  if n % 2 == 0 then return gets[i] end
  return puts[i]
end
`
}

/** A process per processor that never reads what it is asked for; its files are in a folder of its own. */
function nginxConfiguration(port: number, workers: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossover-nginx-'))
  const file = join(folder, 'nginx.conf')
  writeFileSync(
    file,
    `
daemon off;
worker_processes ${workers};
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  server {
    listen ${LOOPBACK}:${port} reuseport;
    default_type application/octet-stream;
    location / { return 200 "${payloadText(0, PAYLOAD_BYTES)}"; }
  }
}
`,
  )
  return file
}

function commandOf(name: string, port: number, cpus: readonly number[]): readonly string[] {
  if (name === NGINX) return ['nginx', '-c', nginxConfiguration(port, cpus.length)]
  if (name === CLUSTER)
    return [process.execPath, BASELINE, String(port), String(cpus.length), String(KEYS)]
  return [process.execPath, MAIN, 'serve', name, '--port', String(port), '--cpus', cpus.join(',')]
}

async function start(name: string, port: number, cpus: readonly number[]): Promise<ChildProcess> {
  const command = ['-c', cpus.join(','), ...commandOf(name, port, cpus)]
  const child = spawn('taskset', command, { stdio: 'ignore' })
  for (let tries = 0; tries < 200; tries++) {
    await delay(50)
    if (await accepts(port)) return child
  }
  throw new Error(`server did not start: name=${name}`)
}

function accepts(port: number): Promise<boolean> {
  const socket = createConnection({ port, host: LOOPBACK })
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
  }).then((result) => {
    socket.destroy()
    return result === true
  })
}

/** Requests per second as wrk counts them. @throws when a request failed. */
function drive(port: number, cpus: readonly number[], seconds: number, path: string): number {
  const args = [
    '-c',
    cpus.join(','),
    'wrk',
    `-t${cpus.length}`,
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    '-s',
    path,
    `http://${LOOPBACK}:${port}`,
  ]
  const { stdout, error } = spawnSync('taskset', args, { encoding: 'utf8' })
  if (error !== undefined) throw error
  if (/Socket errors|Non-2xx/.test(stdout)) throw new Error(`requests failed: ${stdout}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
}

async function measure({ title, server, wrk }: Placing, path: string): Promise<void> {
  const figures = new Map<string, number[]>(SERVERS.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    // In turn, forwards and backwards: the machine drifts.
    for (const name of round % 2 === 0 ? SERVERS : SERVERS.toReversed()) {
      const port = await findTcpPorts(LOOPBACK, 1)
      const child = await start(name, port, server)
      drive(port, wrk, WARM_UP_SECONDS, path)
      figures.get(name)!.push(drive(port, wrk, SECONDS, path))
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
  console.log(`${title}: requests/s, median of ${rounds} rounds, and ratio with interval`)
  for (const [name, perSecond] of figures) {
    const median = perSecond.toSorted((a, b) => a - b)[perSecond.length >> 1]!
    const ratios = SERVERS.filter((base) => base === CLUSTER || base === NGINX).map((base) => {
      const { value, lower, upper, level } = pairedRatio(figures.get(base)!, perSecond, LEVEL)
      return `${value.toFixed(2)}× (${lower.toFixed(2)}–${upper.toFixed(2)}, ${(level * 100).toFixed(1)} %) of ${base}`
    })
    console.log(
      `  ${name.padEnd(26)} ${(median / 1_000).toFixed(1).padStart(7)}k/s  ${ratios.join(', ')}`,
    )
  }
}

if (spawnSync('wrk', ['-v']).error !== undefined) {
  console.error('error: wrk is not installed\ncure: apt-get install wrk')
  process.exit(2)
}
const path = join(mkdtempSync(join(tmpdir(), 'crossover-wrk-')), 'mix.lua')
writeFileSync(path, script())
const all = availableCpus()
const half = all.length >> 1
if (half > 0) {
  const [server, wrk] = [all.slice(0, half), all.slice(half)]
  await measure({ title: 'servers and wrk on processors of their own', server, wrk }, path)
}
await measure({ title: 'servers and wrk on the same processors', server: all, wrk: all }, path)
