import { describe, expect, test } from 'vitest'
import { renderBrief } from '../../../harness/render/report/brief.ts'
import type { Load, Report } from '../../../harness/results/schema.ts'
import { classedReport } from '../classed-report.ts'
import { detailedReport } from '../detailed-report.ts'
import { objectiveReport, sampleReport, sampleTrial, troubledReport } from '../sample-report.ts'
import { threeArmReport } from '../three-arm-report.ts'

const FURTHER = { folder: 'reports/2026-11-30T22-13-57Z-kv-update', mostRounds: 64 }

function textOf(report: Report, columns = 80): string {
  return renderBrief(report, { color: false, columns }, FURTHER)
}

/** Sentences and commands without their line breaks. */
function flat(report: Report): string {
  return textOf(report).replaceAll(/ ?\\?\n +/g, ' ')
}

/** The sample with its first load changed. */
function changed(change: (load: Load, report: Report) => void): Report {
  const report = sampleReport()
  change(report.loads[0]!, report)
  return report
}

function failGate(load: Load, arm: string, name: string): void {
  for (const { trials } of load.sets)
    trials[arm]!.gates = [{ name, passed: false, figure: '7 %', message: 'of no account: here' }]
}

/** What `judgeArms` leaves where there is no ratio. */
function unjudge(load: Load): void {
  Object.assign(load.comparisons[0]!.verdict!, { winner: 'inconclusive', ratio: null })
}

function fiveLoads(report: Report): Report {
  const [first, second, third] = report.loads as [Load, Load, Load]
  report.loads = [first, second, third, { ...second, label: '60%' }, { ...third, label: '90%' }]
  return report
}

describe('with every shape of a run', () => {
  const shapes: Readonly<Record<string, Report>> = {
    'two servers': sampleReport(),
    'three servers': threeArmReport(),
    trouble: troubledReport(),
    'an objective': objectiveReport(),
    'one load': { ...sampleReport(), loads: sampleReport().loads.slice(0, 1) },
    nothing: { ...sampleReport(), loads: [], rounds: [], capacity: null, breakEven: null },
  }

  test.each(Object.entries(shapes))('%s: 24 lines of 80 columns at most', (_, report) => {
    for (const columns of [72, 80, 200]) {
      const lines = textOf(report, columns).split('\n')
      expect(lines.length).toBeLessThanOrEqual(24)
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(
        Math.min(80, columns),
      )
    }
  })

  test.each(Object.entries(shapes))('%s: no word of the method', (_, report) => {
    const text = textOf(report).replace(/^! .*(arm|pair)/m, '$1')
    expect(text).not.toMatch(/\b(arms?|pairs|gates?|ingress|make-up|inline ceiling)\b(?! \d)/)
  })

  test.each(Object.entries(shapes))('%s: no ratio below 1/2', (_, report) => {
    expect(textOf(report)).not.toMatch(/\b0\.[0-4]\d*×/)
  })

  test('further loads may have a line in each comparison', () => {
    expect(textOf(fiveLoads(sampleReport())).split('\n').length).toBeLessThanOrEqual(26)
    expect(textOf(fiveLoads(threeArmReport())).split('\n').length).toBeLessThanOrEqual(28)
  })
})

test('requests per second stand beside every percentage of the table', () => {
  const text = textOf(sampleReport())
  for (const place of ['20 %, 800/s', '50 %, 2.00k/s', '80 %, 3.20k/s'])
    expect(text).toContain(place)
})

test('the answer names the winner by load, and what is open', () => {
  expect(flat(sampleReport())).toMatch(
    /Tail latency \(p99\): sharded is 7\.\d× faster at 20 %, 7\.\d× at 50 %; undecided at 80 %\./,
  )
})

test('a slower second server loses in the first one’s favour', () => {
  const report = changed((load) => {
    const ratio = { value: 2.5, lower: 2, upper: 3, level: 0.969, n: 6, unit: '×' }
    Object.assign(load.comparisons[0]!.verdict!, { winner: 'staged', ratio })
  })
  expect(flat(report)).toContain('staged is 2.5× faster at 20 %; sharded is')
  expect(textOf(report)).toMatch(/20 %, 800\/s .* 2\.5× slower +2\.0× to 3\.0×/)
})

test('what makes no difference is the same', () => {
  const report = changed((load) => {
    const ratio = { value: 1.01, lower: 0.98, upper: 1.03, level: 0.969, n: 6, unit: '×' }
    Object.assign(load.comparisons[0]!.verdict!, { winner: 'none', ratio })
  })
  expect(flat(report)).toContain('no difference that matters at 20 %')
  expect(textOf(report)).toMatch(/the same +0\.98× to 1\.03×/)
})

test('a server that does not keep up has no latency in the table', () => {
  const report = changed((load) => {
    unjudge(load)
    failGate(load, 'staged', 'completed')
  })
  expect(flat(report)).toContain('staged does not keep up at 20 %')
  expect(textOf(report)).toMatch(/20 %, 800\/s +– +[\d.]+ µs +staged does not keep up$/m)
  expect(flat(report)).toContain('6 of 36 trials doubtful: staged did not keep up (20 %)')
})

test('where neither keeps up it says so', () => {
  const report = changed((load) => {
    unjudge(load)
    for (const arm of ['staged', 'sharded']) failGate(load, arm, 'completed')
  })
  expect(flat(report)).toContain('neither keeps up at 20 %')
})

test('a noisy machine is told by its cause, and the run is to be done again', () => {
  const report = changed((load) => {
    unjudge(load)
    for (const arm of ['staged', 'sharded']) failGate(load, arm, 'noise')
  })
  expect(flat(report)).toContain('the machine was too noisy to say at 20 %')
  expect(flat(report)).toContain(
    '12 of 36 trials doubtful: other programs used the processors (20 %)',
  )
  expect(flat(report)).toContain(
    'decide (while no other program runs): npx crossover run kv-update',
  )
})

test('loads of each server’s own are not compared', () => {
  const report = changed((load) => {
    unjudge(load)
    load.placed = { by: 'each', perSecond: { staged: 800, sharded: 2000 } }
  })
  expect(textOf(report)).toContain('each at a load of its own')
})

test('a median beyond doubt is told beside an undecided tail', () => {
  const report = sampleReport()
  const { ratios } = report.loads[1]!.comparisons[0]!
  report.loads[1]!.comparisons[0]!.sure = [{ metric: 'p50', ratio: ratios!.p50! }]
  expect(flat(report)).toContain(
    'Also: sharded’s median at 50 % is 3.5× lower, its capacity is 3.0× higher.',
  )
})

test('what the slowest requests waited for is told where there is room', () => {
  expect(textOf(detailedReport())).toMatch(/^ {11}\d+ % of its slowest 1 % \w+/m)
})

test('a load with a long label is told by its rate', () => {
  const report = changed((load) => {
    load.label = '80%-of-busiest'
    load.placed = { by: 'busiest', shardPerSecond: 1000, share: 0.5 }
  })
  expect(textOf(report)).toMatch(/^ {2}p99 at 800\/s +649 µs/m)
})

test('verdicts on one class of requests say so', () => {
  expect(flat(classedReport('light'))).toContain('Tail latency (p99) of light requests: ')
})

test('where only one answers there is no number', () => {
  const report = changed((load) => {
    const ratio = { value: 0, lower: 0, upper: 0, level: 0.969, n: 6, unit: '×' }
    Object.assign(load.comparisons[0]!.verdict!, { winner: 'sharded', ratio })
    for (const set of load.sets) set.trials['staged'] = sampleTrial('staged', set.round, 95_000, 40)
  })
  expect(flat(report)).toContain('only sharded answers at 20 %')
  expect(textOf(report)).toMatch(/> 1\.00 s .*only sharded answers$/m)
})

test('what bars a winner is told', () => {
  const report = changed((load) => {
    unjudge(load)
    load.comparisons[0]!.verdict!.sentence =
      'At 20 % load sharded against staged is timer-bound, so no winner is named: waits of 100 µs took 152 µs even in staged.'
  })
  expect(flat(report)).toContain('! no winner is named: waits of 100 µs took 152 µs even in staged')
})

test('without verdicts there are figures and no ratios', () => {
  const report = sampleReport()
  report.rounds.length = 1
  report.capacity = null
  report.breakEven = null
  for (const load of report.loads) {
    load.sets.length = 1
    load.comparisons = [
      {
        first: 'staged',
        second: 'sharded',
        ratios: null,
        verdict: null,
        sure: [],
        orderEffect: null,
      },
    ]
  }
  report.run.command = 'npx crossover run kv-update --profile smoke --seed 3'
  const text = textOf(report)
  expect(text).toContain('No comparison: a run of cold servers')
  expect(text).not.toContain('×')
  expect(text).toContain('\ndecide: npx crossover run kv-update\n')
})

test('too few rounds are told with how many it takes', () => {
  const report = sampleReport()
  for (const load of report.loads) {
    load.sets.length = 3
    load.comparisons[0]!.verdict!.winner = 'inconclusive'
  }
  expect(flat(report)).toContain('Undecided: 3 rounds measured, and a verdict needs at least 6.')
})

test('the next command asks for the open loads and as many rounds as they need, with a seed of its own', () => {
  const report = sampleReport()
  report.run.command =
    "npx crossover run kv-update --param 'a=b c' --seed 42 --loads=20%,50%,80% --pairs 6 --json"
  expect(flat(report)).toMatch(
    /\ndecide \(about \d+ (?:s|min)\): npx crossover run kv-update --param 'a=b c' --loads 80% --pairs 14\n/,
  )
  report.loads[2]!.comparisons[0]!.verdict!.pairsToDecide = 65
  expect(textOf(report)).toContain('decide: takes more rounds than a run can have')
  report.loads[2]!.comparisons[0]!.verdict!.pairsToDecide = null
  expect(textOf(report)).toContain('decide: no affordable number of rounds would')
  report.loads.length = 2
  expect(textOf(report)).not.toContain('decide')
})

test('a cause of doubt is one line, however many loads and servers have it', () => {
  const report = changed((_, { loads }) => {
    for (const load of loads)
      for (const arm of ['staged', 'sharded']) failGate(load, arm, 'runtime')
  })
  const doubts = textOf(report).match(/^! .*trials doubtful.*$/gm)
  expect(doubts).toEqual(['! 36 of 36 trials doubtful: compilers or collectors were at work'])
})

test('what others took is told once, whoever noticed it', () => {
  const warning = (code: string, message: string) => ({ code, message, cure: 'wait' })
  const report = sampleReport()
  report.warnings = [
    warning('load-before', 'the load average of the minute before the run was 9.05 on 2 cores'),
    warning(
      'busy-machine',
      'other processes took 85.0 % of the processors’ time during the run (limit 5.0 %)',
    ),
    warning('budget-used', 'the time budget was used up: load=20% has 7 of 8 rounds'),
    warning('budget-used', 'the time budget was used up: load=50% has 7 of 8 rounds'),
  ]
  expect(textOf(report).match(/^! .*$/gm)).toEqual([
    '! other programs took 85.0 % of the processors’ time',
    '! the time budget was used up (2 times)',
  ])
  failGate(report.loads[0]!, 'staged', 'noise')
  expect(flat(report).match(/^! .*$/gm)).toEqual([
    '! 6 of 36 trials doubtful: other programs took 85.0 % of the processors’ time (staged, 20 %)',
    '! the time budget was used up (2 times)',
  ])
})

test('a class, sockets and another metric are named', () => {
  const report = changed(({ comparisons }, { run }) => {
    comparisons[0]!.verdict!.metric = 'achievedPerSecond'
    Object.assign(comparisons[0]!.verdict!, {
      ratio: { value: 1.13, lower: 1.08, upper: 1.19, level: 0.969, n: 6, unit: '×' },
    })
    run.transport = {
      kind: 'http',
      connections: 64,
      pipelining: 1,
      clientCpus: [],
      host: '127.0.0.1',
      firstTcpPort: 8000,
    }
  })
  const text = flat(report)
  expect(text).toContain('HTTP, 64 connections')
  expect(text).toContain(
    'Throughput: sharded completes 1.13× more at 20 %. Tail latency (p99): sharded',
  )
  expect(text).toMatch(/throughput at 20 %, 800\/s +800\/s +800\/s +1\.13× more +1\.08× to 1\.19×/)
  expect(text).toContain('client and servers share 2 processors')
})

test('long labels have a short name, told once', () => {
  const long = 'staged:controllers=both:deadlineMillis=20'
  const report = JSON.parse(
    JSON.stringify(sampleReport()).replaceAll('"staged":', `"${long}":`),
    (key, value) => (['label', 'first', 'arm'].includes(key) && value === 'staged' ? long : value),
  ) as Report
  const text = textOf(report)
  expect(text.match(/controllers=both/g)).toHaveLength(1)
  expect(text).toContain(`\n  staged   ${long}: pools`)
})
