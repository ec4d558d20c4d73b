import type { Command } from 'commander'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createProgram, runProgram } from '../../harness/cli/program.ts'

/*
 * What nobody means as a value: each flag of each command that measures or serves refuses it, by its name and with exit code 2, before
 * anything is measured. The flags are those that the program has: a new one is among them.
 */
const ODD = ['', ' ', 'NaN', 'Infinity', '-Infinity', '-0', '1e400', '٣', '7parsecs', '1,5s']
const SUBJECTS: Readonly<Record<string, string>> = {
  run: 'kv-update',
  sweep: 'stage-handoff',
  find: 'stage-handoff',
  claims: 'C05',
  ablate: 'kv-update',
  serve: 'sharded',
}
/** Any text but an empty one may be a folder's name. */
const FOLDERS = ['--out']
const EMPTY = ['', ' ']
/** Errors name what a flag sets, where arms and files may set it, too. */
const NAMED: Readonly<Record<string, string>> = {
  '--idle': 'idle=',
  '--permits': 'permits=',
  '--staged-layout': 'layout=',
  '--staged-inline': 'inline=',
  '--baseline': 'the report',
  '--scenario': 'scenario has this name',
}

vi.mock('../../harness/cli/execute.ts', async (original) => ({
  ...(await original<object>()),
  execute: () => Promise.reject(new Error('measured')),
}))
vi.mock('../../harness/cli/execute-run.ts', async (original) => ({
  ...(await original<object>()),
  executeRun: () => Promise.reject(new Error('measured')),
}))
vi.mock('../../harness/trial/http-server.ts', () => ({
  HttpServer: { start: () => Promise.reject(new Error('measured')) },
}))

const printed: string[] = []
beforeEach(() => {
  printed.length = 0
  vi.spyOn(console, 'error').mockImplementation((text: string) => printed.push(text))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
})
afterEach(() => vi.restoreAllMocks())

const { commands } = await createProgram([])
const flagsOf = (command: Command) =>
  command.options.flatMap(({ long, required, optional }) =>
    long != null && (required || optional) ? [long] : [],
  )
const CASES = Object.keys(SUBJECTS).flatMap((name) =>
  flagsOf(commands.find((command) => command.name() === name)!).map(
    (flag) => [name, flag] as const,
  ),
)

test.each(CASES)(
  '%s %s takes nothing for a value that is none',
  { timeout: 60_000 },
  async (name, flag) => {
    const taken: string[] = []
    for (const value of FOLDERS.includes(flag) ? EMPTY : ODD) {
      printed.length = 0
      // oxlint-disable-next-line no-await-in-loop -- what is printed is this one's
      const code = await runProgram([name, SUBJECTS[name]!, `${flag}=${value}`])
      const text = printed.join('')
      const named = EMPTY.includes(value) ? flag : (NAMED[flag] ?? flag)
      if (code !== 2 || !text.includes(named))
        taken.push(`${JSON.stringify(value)}: ${code} ${text}`)
    }
    expect(taken).toEqual([])
  },
)

test.each(ODD)('a parameter takes no %j for a number', async (value) => {
  expect(await runProgram(['run', 'kv-update', `--param=keys=${value}`])).toBe(2)
  expect(printed.join('')).toContain('scenario kv-update: keys=')
})

test.each(ODD)('a range takes no %j for an end', async (value) => {
  expect(await runProgram(['sweep', 'stage-handoff', `--over=stages=1..${value}`])).toBe(2)
  expect(printed.join('')).toContain('--over')
})
