import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runProgram } from '../../harness/cli/program.ts'

let stderr = ''
let stdout = ''

beforeEach(() => {
  stderr = ''
  stdout = ''
  vi.spyOn(console, 'error').mockImplementation((text) => void (stderr += `${text}\n`))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true))
})
afterEach(() => {
  vi.restoreAllMocks()
})

test.each([
  ['no time', ['--seconds', '0'], /^error: --seconds 0: not a time span/, /2s to 600s/],
  ['time that is none', ['--seconds', 'x'], /^error: --seconds x/, /--seconds 2s/],
  [
    'absent processor',
    ['--cpus', '99'],
    /^error: --cpus 99: not available: 99$/,
    /^cure: available/,
  ],
  ['folder below a file', ['--out', 'package.json/x'], /path=package\.json\/x/, /--out <folder>/],
  ['unknown flag', ['--second', '3'], /unknown option '--second'/, /--seconds/],
])('%s: exit code 2, one error line and one cure', async (_, args, error, cure) => {
  expect(await runProgram(['calibrate', ...args])).toBe(2)
  const [errorLine = '', cureLine = '', ...more] = stderr.trimEnd().split('\n')
  expect(errorLine).toMatch(error)
  expect(cureLine).toMatch(cure)
  expect(more).toEqual([])
})

test('explains itself with an example', async () => {
  expect(await runProgram(['calibrate', '--help'])).toBe(0)
  expect(stdout).toMatch(/^Usage: crossover calibrate/)
  expect(stdout).toMatch(/\nExamples:\n {2}crossover calibrate\n/)
})
