import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { buildClaims, type ClaimsFlags, claimsExecution } from '../../harness/cli/claims.ts'
import { execute } from '../../harness/cli/execute.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import type { Claims } from '../../harness/results/claims.ts'
import { sampleClaims, troubledClaims } from '../render/sample-claims.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-claims-'))
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.spyOn(console, 'log').mockReturnValue()
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const flagsOf = (changes: Partial<ClaimsFlags> = {}): ClaimsFlags => ({
  level: '0.95',
  out: folder,
  waitQuiet: 0,
  ...changes,
})
const build = (names: readonly string[], changes?: Partial<ClaimsFlags>) =>
  buildClaims(names, flagsOf(changes), ['claims', ...names])
const idsOf = async (names: readonly string[]) =>
  (await build(names)).claims.map(({ criterion }) => criterion.id)

const CRITERION = `{ id: 'mine-1', claim: 'It is quick.', cells: { only: { arm: 'staged', load: '1000/s' } },
  figures: [{ name: 'p99', unit: 'ms', of: { cell: 'CELL', metric: 'p99' }, confirmed: { below: 1 } }] }`

/** A user's scenario with this criterion; without one where it is empty. */
function fileWith(criterion: string): string {
  const path = join(folder, 'mine.ts')
  writeFileSync(
    path,
    `import { acknowledge, defineScenario, eachAnswerRight } from 'crossover'
export default defineScenario({
  name: 'mine', question: 'Is it quick?', params: {}, ${criterion === '' ? '' : `criteria: [${criterion}],`}
  workload: () => ({ recordCount: 1, valueBytes: 8, operations: { read: 1, update: 0 }, keys: { kind: 'uniform' }, arrivals: { kind: 'poisson' } }),
  stages: () => [{ name: 'serve', codec: 'both', run: acknowledge }],
  verify: eachAnswerRight,
})
`,
  )
  return path
}

test('claims are named by ids, in whatever letters, by scenarios, or not at all', async () => {
  expect(await idsOf(['C05'])).toEqual(['C05'])
  expect(await idsOf(['cross-shard'])).toEqual(['C05'])
  expect(await idsOf(['c05', 'C23'])).toEqual(['C05', 'C23-fused', 'C23-sharded', 'C23-staged'])
  const all = await idsOf([])
  expect(all.length).toBeGreaterThan(20)
  expect(all).toEqual(all.toSorted())
})

test('a user’s file with a criterion is all that it takes', async () => {
  const request = await build([fileWith(CRITERION.replace('CELL', 'only'))], { rounds: 6, seed: 3 })
  expect(request).toMatchObject({ rounds: 6, seed: 3, durationSeconds: 0.5 })
  expect(request.claims.map(({ criterion }) => criterion.id)).toEqual(['mine-1'])
  expect(request.plan.lines[1]).toMatch(
    /^measures {2}mine-1: 1 cell, 6 rounds of 0.5 s, about \d+ s$/,
  )
})

test.each([
  [() => ['C99x'], {}, 'no claim or scenario has this name: C99x', /did you mean C0\d|claims: C01/],
  [() => ['cros-shard'], {}, 'no claim or scenario has this name', 'did you mean cross-shard?'],
  [() => [fileWith('')], {}, 'has no criteria', 'scenarios/README.md'],
  [() => [fileWith(CRITERION)], {}, 'no cell has this name: CELL', 'cells: only'],
  [() => ['C05'], { rounds: 3 }, '--rounds 3: an interval of 95 % needs at least 6 rounds', '6'],
  [() => ['C03'], { rounds: 6 }, 'criterion C03 needs at least 7', '--rounds 7'],
  [() => ['C05'], { profile: 'lon' }, 'no profile has this name: lon', 'did you mean long?'],
  [
    () => [],
    { resume: '/nowhere' },
    '--resume /nowhere: there is no claims.json',
    'name the folder of a measurement of claims, e.g. reports/2026-01-31T12-00-00Z-claims',
  ],
] as const)(
  'what is mistaken is refused before anything is measured: %#',
  async (names, flags, message, cure) => {
    const failure: unknown = await build(names(), flags).catch((error: unknown) => error)
    expect(failure).toMatchObject({ message: expect.stringContaining(message) })
    expect((failure as { cure: string }).cure).toMatch(cure)
    expect(exitCodeOf(failure)).toBe(2)
  },
)

test('without names all that was there is gone on with, a user’s file too', async () => {
  const earlier = troubledClaims()
  const from = fileWith(CRITERION.replace('CELL', 'only'))
  earlier.claims = [{ ...earlier.claims[0]!, scenario: 'mine', from, id: 'mine-1' }]
  const request = await build([], { resume: saved(earlier) })
  expect(request.claims.map(({ criterion }) => criterion.id)).toEqual(['mine-1'])
})

test('what repeats a resumed measurement measures all of it again, and resumes nothing', async () => {
  const earlier = troubledClaims()
  const from = fileWith(CRITERION.replace('CELL', 'only'))
  earlier.claims = [{ ...earlier.claims[0]!, scenario: 'mine', from, id: 'mine-1' }]
  const { command } = await build(['C05'], { resume: saved(earlier), rounds: 10 })
  expect(command).toBe(
    `npx crossover claims ${from} cross-shard mine-1 C05 --rounds 10 --duration 0.5s --level 0.95 --cpus 0,1 --seed 9`,
  )
})

/** The folder of a measurement. */
function saved(claims: Claims): string {
  writeFileSync(join(folder, 'claims.json'), JSON.stringify(claims))
  return folder
}

test('a resumed measurement keeps seed, durations and processors, and goes on in its folder', async () => {
  const earlier = troubledClaims()
  earlier.run.rounds = 7
  const resume = saved(earlier)
  const request = await build(['C05'], { resume })
  expect(request).toMatchObject({ seed: 9, durationSeconds: 0.5, cpus: [0, 1], rounds: 7 })
  expect(request.earlier!.claims).toHaveLength(3)
  const runner = () => Promise.resolve(sampleClaims())
  await execute({ ...claimsExecution, runner }, request, flagsOf({ resume }))
  expect(readdirSync(folder).toSorted()).toEqual(['claims.html', 'claims.json', 'claims.md'])
  const content = JSON.parse(readFileSync(join(folder, 'claims.json'), 'utf8')) as Claims
  expect(content.claims).toHaveLength(6)
})

test.each([
  [{ seed: 8 }, '--seed 8: '],
  [{ duration: 1 }, 'trials of 0.5 s, not 1 s'],
  [{ cpus: '0' }, 'processors 0, 1, not 0'],
])('a measurement with %j is another one, and not gone on with', async (changes, message) => {
  const resume = saved(troubledClaims())
  await expect(build(['C05'], { resume, ...changes })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(message),
  })
})
