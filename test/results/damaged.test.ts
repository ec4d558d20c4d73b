import { deflateSync } from 'node:zlib'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { CrossoverError } from '../../harness/base/errors.ts'
import { renderHtml, renderMarkdown } from '../../harness/render/report/render.ts'
import { loadMeasurement } from '../../harness/results/history.ts'
import { loadMachine } from '../../harness/results/machine.ts'
import { loadReport } from '../../harness/results/load.ts'
import { sampleReport } from '../render/sample-report.ts'
import { sampleSweep } from '../render/sample-sweep.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossover-damaged-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'report.json')

/** What is read of a damaged file is shown, too; answers the usage error, or undefined. */
function outcomeOf(text: string): CrossoverError | undefined {
  writeFileSync(file, text)
  try {
    const { report } = loadReport(file)
    renderMarkdown(report)
    renderHtml(report)
    return undefined
  } catch (error) {
    if (error instanceof CrossoverError && error.kind === 'usage') return error
    throw error
  }
}

/** Every place of a value, as the way to it. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [
    path,
    ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name])),
  ]
}

const whole = JSON.stringify(sampleReport())
const places = placesIn(sampleReport()).slice(1)
/** Histograms and windows are most of them: a place's name is chosen first. */
const byName = Map.groupBy(places, (path) => path.filter((part) => !/^\d+$/.test(part)).join('.'))
const place = fc.constantFrom(...byName.values()).chain((alike) => fc.constantFrom(...alike))
const DELETED = Symbol('deleted')
const damages = fc.constantFrom<unknown>(
  DELETED,
  null,
  true,
  '',
  'x',
  '__proto__',
  'constructor',
  0,
  -1,
  -0.5,
  0.1,
  1e9,
  2 ** 53,
  1e300,
  -1e300,
  [],
  {},
  [[]],
  JSON.parse('{"__proto__":1}'),
  [null],
  ['x'],
  Array.from({ length: 3 }, () => ({})),
)

function damaged(changes: readonly (readonly [readonly string[], unknown])[]): string {
  const report: unknown = JSON.parse(whole)
  for (const [path, value] of changes) {
    let at = report as Record<string, unknown>
    for (const part of path.slice(0, -1)) at = (at?.[part] ?? {}) as Record<string, unknown>
    if (typeof at !== 'object') continue
    const last = path.at(-1)!
    if (value === DELETED) delete at[last]
    else at[last] = value
  }
  return JSON.stringify(report)
}

test('a report that was damaged anywhere is shown, or refused as a mistake of the user', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(place, damages), { minLength: 1, maxLength: 2 }), (changes) => {
      expect(outcomeOf(damaged(changes))?.cure).not.toBe('')
    }),
    { numRuns: Number(process.env['RUNS'] ?? 60) },
  )
})

type Edit = (report: ReturnType<typeof sampleReport>) => void
const trialOf = (report: ReturnType<typeof sampleReport>) =>
  report.loads[0]!.sets[0]!.trials['staged']!

/** Eight bytes of cookie and length, then zeros, compressed: a few kilobytes that fill megabytes. */
function inflating(megabytes: number): string {
  const compressed = deflateSync(Buffer.alloc(megabytes * 2 ** 20))
  const head = Buffer.alloc(8)
  head.writeUInt32BE(0x1c849304, 0)
  head.writeUInt32BE(compressed.length, 4)
  return Buffer.concat([head, compressed]).toString('base64')
}

const HOSTILE: readonly (readonly [string, Edit, RegExp])[] = [
  [
    'a number beyond what a double counts',
    (report) => (trialOf(report).maxNs = 1e300),
    /loads\[0\]\.sets\[0\]\.trials\.staged\.maxNs: expected a number of at most 9007199254740991, found 1e\+300/,
  ],
  [
    'a million entries of a list',
    (report) => Object.assign(trialOf(report), { windows: Array(1_000_000).fill(0) }),
    /trials\.staged\.windows: expected at most 100000 entries, found 1000000/,
  ],
  [
    'a latency below zero',
    (report) => (trialOf(report).minNs = -1),
    /loads\[0\]\.sets\[0\]\.trials\.staged\.minNs/,
  ],
  [
    'a histogram that fills the memory',
    (report) => (trialOf(report).histogram = inflating(8)),
    /histogram/,
  ],
  [
    'an arm called as what every object has',
    (report) => (report.arms[0]!.label = '__proto__'),
    /arms\[0\]\.label: no arm can be called so/,
  ],
  [
    'lists within lists without end',
    (report) => {
      let inner: unknown[] = []
      for (let depth = 0; depth < 5_000; depth++) inner = [inner]
      Object.assign(report, { warnings: inner })
    },
    /expected at most 40 levels/,
  ],
]

test.each(HOSTILE)('%s is refused with its place', (_, edit, message) => {
  const report = sampleReport()
  edit(report)
  expect(outcomeOf(JSON.stringify(report))?.message).toMatch(message)
})

test('trials of an arm called __proto__ are found in the text, not in the prototype', () => {
  const text = whole.replaceAll('"staged":{', '"__proto__":{')
  expect(outcomeOf(text)?.message).toMatch(/__proto__.*nothing can be called so/)
})

test('other measurements and what is known of a machine have the same bounds', () => {
  const sweep = join(folder, 'sweep.json')
  writeFileSync(sweep, JSON.stringify({ ...sampleSweep(), beyond: 1e300 }))
  expect(() => loadMeasurement({ kind: 'sweep', file: sweep, page: null })).toThrow(
    /out of bounds: beyond: expected a number/,
  )
  writeFileSync(join(folder, 'machine.json'), '{"bands": {"constructor": 1}}')
  expect(() => loadMachine(folder)).toThrow(
    /out of bounds: bands\.constructor: nothing can be called so/,
  )
})
