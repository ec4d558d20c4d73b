import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const ROOT = join(import.meta.dirname, '..')

/** Real threads against one structure: a project of its own. */
export const STRESS = 'test/**/*.stress.test.ts'

const COMMON = {
  pool: 'forks',
  testTimeout: 30_000,
  env: {
    // Threads and processes take over how node compiled the harness the first time: they start in a third of the time.
    NODE_COMPILE_CACHE:
      process.env['NODE_COMPILE_CACHE'] ?? join(ROOT, 'node_modules/.cache/node-compile'),
  },
} as const

/** One file at a time, in a process of its own: tests spawn their own threads, and a loaded machine hides or invents races. */
export const ALONE = { ...COMMON, fileParallelism: false } as const

/** Real trials, threads and servers. */
const ON_THE_MACHINE = [
  'test/cli/crossover-command.test.ts',
  'test/cli/progress/live-terminal.test.ts',
  'test/conformance/*.test.ts',
  'test/experiment/calibrate/calibrate.test.ts',
  'test/experiment/calibrate/cost-thread.test.ts',
  'test/trial/server-process.test.ts',
  'test/scenario/resolve-crossover.test.ts',
  'test/trial/http-server.test.ts',
  'test/work/thread-work.test.ts',
]

/** What takes long: whole sweeps, searches and ablations, and browsers. A project of its own. */
export const LONG = [
  'test/browser/!(every-page).test.ts',
  'test/conformance/{ablate,bad-scenarios,declared-work,find,scenarios,sweep}.test.ts',
]

/** By hand: every kind of page at every width, claims with the opposite planted, and each scenario's answers, which the smoke of the catalogue checks as well. */
export const SLOW =
  'test/{browser/every-page,conformance/answers,conformance/claims,conformance/declared-work-at-max}.test.ts'

/** A mock of a module would hold for all files of its process, and come too late for one that others have imported. */
const MOCKING = globSync('test/**/*.test.ts', { cwd: ROOT }).filter((file) =>
  /\bvi\.mock\(/.test(readFileSync(join(ROOT, file), 'utf8')),
)

export default defineConfig({
  root: ROOT,
  test: {
    name: 'unit',
    projects: [
      {
        // All others leave their process as they found it: they share one per processor, which loads each module once.
        test: {
          ...COMMON,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [STRESS, SLOW, ...LONG, ...ON_THE_MACHINE, ...MOCKING],
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...ALONE,
          name: 'alone',
          include: [...ON_THE_MACHINE, ...MOCKING],
          exclude: [STRESS, SLOW, ...LONG],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
