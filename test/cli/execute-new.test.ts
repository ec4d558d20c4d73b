import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { executeNew } from '../../harness/cli/new.ts'

let folder = ''
let printed = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  vi.spyOn(console, 'log').mockImplementation((text: string) => {
    printed = text
  })
})
afterEach(() => rmSync(folder, { recursive: true }))

const make = (name: string, given: Record<string, string> = {}, place = folder) =>
  executeNew({ name, folder: place, given, asks: false })

test('a scenario and its test are written, and the next commands printed', async () => {
  await make('mine', { updates: '7' })
  expect(readdirSync(folder).toSorted()).toEqual(['mine.test.ts', 'mine.ts'])
  expect(readFileSync(join(folder, 'mine.ts'), 'utf8')).toContain('default: 7,')
  const commands = printed.split('\n').filter((line) => line.startsWith('  '))
  expect(commands.slice(-3)).toEqual([
    expect.stringMatching(/^ {2}npx crossover check \S*\/mine\.ts$/),
    expect.stringMatching(/^ {2}npx crossover run \S*\/mine\.ts --profile smoke$/),
    expect.stringMatching(/^ {2}\S*node --test \S*\/mine\.test\.ts$/),
  ])
})

test('where crossover is not installed the way to it is told', async () => {
  await make('mine')
  expect(printed).toMatch(/\n {2}cd \S+ && npm install --save-dev \S+\n/)
  expect(printed).not.toContain('type=module')
})

test('where a package.json makes the test a CommonJS module it is told how to mend that', async () => {
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
  await make('mine')
  expect(printed).toMatch(/\n {2}cd \S+ && npm pkg set type=module\n/)
})

test.each([
  ['Mine', {}, /^not a name for a scenario: Mine$/, /^lower-case words joined by -/],
  ['mine.ts', {}, /^not a name for a scenario: mine\.ts$/, /--out/],
  ['../mine', {}, /^not a name for a scenario: \.\.\/mine$/, /--out/],
  ['m'.repeat(65), {}, /^not a name/, /at most 64/],
  ['kv-update', {}, /^a scenario of the package has this name: kv-update$/, /my-kv-update/],
  ['mine', { updates: '101' }, /^crossover new: updates=101 is out of range$/, /0 to 100 %/],
  ['mine', { skew: 'zpf' }, /^crossover new: skew=zpf is not one of its choices$/, /zipf, uniform/],
  ['mine', { 'value-bytes': '10' }, /value-bytes=10 is not a multiple of 4$/, /8 and 12/],
])('%s with %j is refused and nothing is written', async (name, given, message, cure) => {
  await expect(make(name, given)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(message),
    cure: expect.stringMatching(cure),
  })
  expect(readdirSync(folder)).toEqual([])
})

test.each(['mine.ts', 'mine.test.ts'])(
  'an existing %s is kept, and nothing is written',
  async (file) => {
    writeFileSync(join(folder, file), 'precious')
    await expect(make('mine')).rejects.toMatchObject({
      kind: 'usage',
      message: `a file of this name is there: ${join(folder, file)}`,
      cure: expect.stringContaining('--out'),
    })
    expect(readdirSync(folder)).toEqual([file])
    expect(readFileSync(join(folder, file), 'utf8')).toBe('precious')
  },
)

test.each([
  ['missing', 'no such file or folder'],
  ['file/below', 'a part of the path is a file, not a folder'],
])('a folder that cannot be written is refused: %s', async (below, reason) => {
  writeFileSync(join(folder, 'file'), '')
  await expect(make('mine', {}, join(folder, below))).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(reason),
    cure: expect.stringContaining('--out <folder>'),
  })
  expect(readdirSync(folder)).toEqual(['file'])
})
