import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  isNamesake,
  listScenarios,
  loadScenario,
  scenarioNameOf,
  whereOf,
} from '../../harness/scenario/load.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the scenarios of the package are listed by name', () => {
  expect(listScenarios()).toContain('kv-update')
})

test.each(listScenarios())('%s is loaded by its name, with its defaults', async (name) => {
  const { url, scenario, params } = await loadScenario(name, {})
  expect(url).toMatch(new RegExp(`^file://.*/scenarios/${name}\\.ts$`))
  expect(scenario.name).toBe(name)
  expect(Object.keys(params)).toEqual(Object.keys(scenario.params))
})

test('assignments become values', async () => {
  const { params } = await loadScenario('kv-update', { keys: '10', distribution: 'uniform' })
  expect(params).toEqual({ keys: 10, valueBytes: 100, updatePercent: 50, distribution: 'uniform' })
})

test('a scenario of the package is loaded by its path, too', async () => {
  expect((await loadScenario('scenarios/kv-update.ts', {})).scenario.name).toBe('kv-update')
})

test.each([
  ['nonsense', {}, 'no scenario has this name: nonsense', './nonsense.ts'],
  ['kv-updaet', {}, 'no scenario has this name: kv-updaet', 'did you mean kv-update?'],
  [
    'kv-update',
    { keys: '0' },
    'scenario kv-update: keys=0 is out of range',
    'keys takes an integer',
  ],
  [
    'kv-update',
    { valueBytes: '10' },
    'scenario kv-update: workload valueBytes must be a multiple of 4: 10',
    '--param',
  ],
])('%s with %j is refused', async (name, assignments, message, cure) => {
  await expect(loadScenario(name, assignments as Record<string, string>)).rejects.toMatchObject({
    kind: 'usage',
    message,
    cure: expect.stringContaining(cure),
  })
})

test('of a name like that of a scenario only the near one is told', async () => {
  await expect(loadScenario('kv-updaet', {})).rejects.toMatchObject({
    cure: 'did you mean kv-update? crossover list names all',
  })
})

test('who asks for a claim where a scenario is due is told how to test it', async () => {
  await expect(loadScenario('C13', {})).rejects.toMatchObject({
    message: 'no scenario has this name: C13',
    cure: 'a claim is tested by crossover claims C13; crossover list says which scenario has it',
  })
})

test.each(['cache-lookup', 'kv-updates'])('a file that is here is what %s meant', async (name) => {
  writeFileSync(join(folder, `${name}.ts`), '')
  const here = vi.spyOn(process, 'cwd').mockReturnValue(folder)
  await expect(loadScenario(name, {})).rejects.toMatchObject({
    message: `no scenario has this name: ${name}`,
    cure: `did you mean ./${name}.ts?`,
  })
  here.mockRestore()
})

test('a path without a file is refused', async () => {
  const missing = join(folder, 'missing.ts')
  await expect(loadScenario(missing, {})).rejects.toMatchObject({
    kind: 'usage',
    message: `no scenario file there: ${missing}`,
  })
})

test('a folder is no scenario file', async () => {
  const path = join(folder, 'folder.ts')
  mkdirSync(path)
  await expect(loadScenario(path, {})).rejects.toMatchObject({
    message: `no scenario file there: ${path}`,
  })
})

test('a file without a default export is refused', async () => {
  const path = join(folder, 'nothing.mjs')
  writeFileSync(path, 'export const scenario = 1\n')
  await expect(loadScenario(path, {})).rejects.toMatchObject({
    message: `${path}: has no default export`,
  })
})

test('a file that awaits what never comes is given up', { timeout: 20_000 }, async () => {
  const path = join(folder, 'endless.mjs')
  writeFileSync(path, 'await new Promise(() => {})\nexport default {}\n')
  await expect(loadScenario(path, {})).rejects.toMatchObject({
    kind: 'usage',
    message: `${path}: cannot be imported: it has not finished after 5 s`,
  })
})

test.each([
  ['kv-update', 'kv-update', false],
  ['scenarios/kv-update.ts', 'kv-update', false],
  ['./kv-update.ts', 'kv-update', true],
  ['elsewhere/mine.mjs', 'mine', false],
])('%s has the name %s; it is taken from one of the package: %s', (asked, name, isTaken) => {
  expect([scenarioNameOf(asked), isNamesake(asked)]).toEqual([name, isTaken])
})

test('errors name a scenario by its file when that was given', () => {
  expect(whereOf('kv-update')).toBe('scenario kv-update')
  expect(whereOf(join(folder, 'mine.ts'))).toBe(join(folder, 'mine.ts'))
})

test('a scenario of the package has the hash of its own file alone: the rest is of a commit', async () => {
  const { sources } = await loadScenario('kv-update', {})
  expect(sources).toEqual({ 'kv-update.ts': expect.stringMatching(/^[0-9a-f]{64}$/) })
})

test('a change of the file, or of what it imports beside it and from there on, is another hash', async () => {
  const place = join(folder, 'sources')
  const write = (file: string, text: string): void => {
    mkdirSync(join(place, file, '..'), { recursive: true })
    writeFileSync(join(place, file), text)
  }
  const own = readFileSync('scenarios/kv-update.ts', 'utf8')
  write('kv-update.ts', `import { deep } from './parts/mix.ts'\nvoid deep\n${own}`)
  write('parts/mix.ts', "export { deep } from '../deep.mjs'\n// from './nowhere.ts'\n")
  write('deep.mjs', "import './deep.mjs'\nexport const deep = 1\n")
  const sources = async () => (await loadScenario(join(place, 'kv-update.ts'), {})).sources!
  const first = await sources()
  expect(Object.keys(first).toSorted()).toEqual(['deep.mjs', 'kv-update.ts', 'parts/mix.ts'])
  write('deep.mjs', "import './deep.mjs'\nexport const deep = 2\n")
  const { 'deep.mjs': deep, ...others } = await sources()
  expect(deep).not.toBe(first['deep.mjs'])
  expect(first).toMatchObject(others)
})
