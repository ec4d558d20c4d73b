import { expect, test } from 'vitest'
import { environmentWarnings } from '../../harness/compare/conditions.ts'
import type { Report } from '../../harness/results/schema.ts'
import { sampleReport } from '../render/sample-report.ts'

function messages(change: (report: Report) => void): readonly string[] {
  const after = sampleReport()
  change(after)
  return environmentWarnings(sampleReport(), after).map(({ message }) => message)
}

test('the same machine, and another load average, warn of nothing', () => {
  expect(
    messages(({ environment }) => {
      environment.loadAverageBefore = [9, 9, 9]
      environment.stealShare = 0.2
      environment.crossover = '0.2.0'
    }),
  ).toEqual([])
})

test('each thing that differs is a warning of its own', () => {
  expect(
    messages(({ environment, run }) => {
      environment.cpu = 'Other CPU'
      environment.cores = 4
      environment.kernel = '7.0'
      environment.node = '28.0.0'
      environment.governor = 'performance'
      environment.mitigations = { spectre_v2: 'Vulnerable' }
      environment.pinned = false
      environment.smt = null
      environment.nodeFlags = ['--jitless']
      environment.serverFlags = ['--jitless']
      environment.transparentHugePages = 'always'
      run.cpus = [1, 2]
    }),
  ).toEqual([
    'processor: Example CPU @ 2.60GHz then, Other CPU now',
    'cores: 2 then, 4 now',
    'processors used: 0, 1 then, 1, 2 now',
    'kernel: 6.1.0 then, 7.0 now',
    'node: 26.10.0 then, 28.0.0 now',
    'flags of node: none then, --jitless now',
    'flags of servers: --single-threaded-gc then, --jitless now',
    'transparent huge pages: madvise then, always now',
    'frequency governor: unknown then, performance now',
    'pinned threads: yes then, no now',
    'simultaneous multithreading: off then, unknown now',
    'mitigation of meltdown: Not affected then, unknown now',
    'mitigation of spectre_v2: Mitigation: Retpolines then, Vulnerable now',
  ])
})

test('a report of before there were rounds was measured otherwise', () => {
  expect(
    messages((report) => {
      report.rounds = []
      report.environment.transparentHugePages = null
    }),
  ).toEqual(['servers: warm, a round long then, fresh threads for each trial now'])
})
