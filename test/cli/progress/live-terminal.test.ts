import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TerminalScreen } from './terminal-screen.ts'

const MAIN = fileURLToPath(new URL('../../../harness/cli/main.ts', import.meta.url))
const TIME_LIMIT_MS = 60_000

/** Of util-linux: runs a command in a pseudo-terminal and keeps every byte that it writes. */
const SCRIPT = 'script'
const hasScript = spawnSync(SCRIPT, ['--version'], { encoding: 'utf8' }).stdout?.includes(
  'util-linux',
)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a terminal of 80 columns gets from a command. */
function typed(args: string, environment: Readonly<Record<string, string>> = {}): string {
  const { CI: _, NO_COLOR: __, FORCE_COLOR: ___, NODE_OPTIONS: ____, ...rest } = process.env
  const file = join(folder, 'typescript')
  const command = `stty cols 80 rows 24; ${process.execPath} ${MAIN} ${args} --out ${folder}/reports`
  const { status } = spawnSync(SCRIPT, ['-qec', command, file], {
    env: { ...rest, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', ...environment },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const text = readFileSync(file, 'utf8')
  expect({ status, text }).toMatchObject({ status: 0 })
  // Its own first and last line tell when it began and ended.
  return text.replace(/^Script started.*\r?\n/, '').replace(/\r?\n?Script done.*\r?\n$/, '')
}

const RUN = 'run kv-update --profile smoke --seed 7'

test.runIf(hasScript)(
  'a run in a terminal: the block goes on in place, and only plan, result and cursor remain',
  { timeout: TIME_LIMIT_MS },
  () => {
    const text = typed(RUN)
    const screen = new TerminalScreen(80)
    const blocks: (readonly string[])[] = []
    // Each change of the block is written at once and ends with this.
    for (const part of text.split('\u001B[?2026l')) {
      screen.write(part)
      const at = screen.lines.findIndex((line) => /^kv-update: .*profile smoke$/.test(line))
      if (at !== -1) blocks.push(screen.lines.slice(at))
    }
    // On a machine that is busy requests may go unanswered: then there is no ratio.
    expect(blocks.at(-1)).toEqual([
      expect.stringMatching(
        /^kv-update: round 1\/1, load 2000\/s \(1\/1\), sharded done, profile smoke$/,
      ),
      expect.stringMatching(/^█+░* {2}/),
      expect.stringMatching(/^ {2}p99 +staged +sharded {2}sharded ÷ staged .* 1× /),
      expect.stringMatching(/^▸ 2000\/s .*(no interval, 1 pair|no ratio: .*|–) .*[│┿●○]/),
    ])
    expect(screen.lines.join('\n')).not.toContain('█░')
    expect(screen.lines.at(-1)).toMatch(/^report: .*report\.html$/)
    expect(screen.isCursorVisible).toBe(true)
    expect(text).toContain('\u001B[1m')
  },
)

test.runIf(hasScript)(
  'NO_COLOR leaves no colours, neither in the block nor in the result, which fits 80 columns',
  { timeout: TIME_LIMIT_MS },
  () => {
    const text = typed(RUN, { NO_COLOR: '1' })
    expect(text).toContain('\u001B[?2026h')
    expect(text).not.toMatch(new RegExp(`${'\u001B'}\\[[\\d;]*m`))
    const result = text.split('\u001B[?2026l').at(-1)!.replaceAll('\u001B[?25h', '').split('\r\n')
    expect(result.length).toBeGreaterThan(20)
    expect(result.filter((line) => line.length > 80 && !line.startsWith('report: '))).toEqual([])
  },
)
