import type { NewAnswers } from './new-questions.ts'
import { formatWhole } from '../words/format.ts'

/** Of a line of code. */
const COLUMNS = 100

/** A reason to begin with, for who has not written one yet. */
const REASONS: Readonly<Record<string, string>> = {
  sharded:
    'a request costs less than the handoffs, locks and wake-ups that a staged server adds to it',
  staged: 'any free thread serves the next request, while a busy shard makes its requests wait',
  none: 'the work of a request is large beside what either architecture adds to it',
}

/** The file of a new scenario, as `oxfmt` of this repository would write it. */
export function scenarioText(name: string, answers: NewAnswers): string {
  const params = paramsOf(answers)
  const names = params.map(({ param }) => param)
  const stored = answers.stores === 'records'
  return `${importsText(answers)}
/** What this scenario is about, in a sentence or two. The rules are in scenarios/README.md of crossover. */
export default defineScenario({
  // The same as the file’s name.
  name: '${name}',
  // What you want to know. It heads the report.
  question: 'Which architecture serves my requests with the lower tail latency?',
  // What you expect, written down before you measure: the report puts the outcome beside it.
  prediction: {
    winner: '${answers.expect}',
    because:${brokenText(`'${REASONS[answers.expect] ?? ''}'`)},
  },
  // Set by \`--param ${names[0]}=…\`, varied by \`crossover sweep ./${name}.ts --over ${names[0]}\`.
  params: {
${params.map(paramText).join('')}  },
  sweeps: ['${sweepOf(answers)}'],
  // What is stored, what is asked for and when: made of the parameters alone.
  workload: (${stored ? destructured(names, WORKLOAD_PARAMS) : ''}) => ({
${workloadText(answers)}    // Exponential gaps: independent clients.
    arrivals: { kind: 'poisson' },
  }),
  // The way of a request. staged: a pool and a queue for each; sharded: one call after the other.
  stages: (${destructured(names, STAGE_PARAMS)}) => [
${stored ? keyedStages(answers) : [plainStage(answers)].join('')}  ],
  // After the drain: each record’s version is the number of its answered updates.
  verify: eachAnswerRight,
})
`
}

/** Behind a field's name: on its line where it fits, else on one of its own. */
function brokenText(text: string): string {
  return `    because: ${text},`.length > COLUMNS ? `\n      ${text}` : ` ${text}`
}

interface NewParam {
  readonly param: string
  readonly byDefault: number
  readonly minimum: number
  readonly maximum: number
  readonly unit: string
  readonly integer?: boolean
  readonly description: string
}

const WORKLOAD_PARAMS = ['keys', 'valueBytes', 'updatePercent', 'theta', 'hotPercent']
const STAGE_PARAMS = ['workMicros', 'waitMicros']

function destructured(names: readonly string[], wanted: readonly string[]): string {
  return `{ ${names.filter((name) => wanted.includes(name)).join(', ')} }`
}

function paramsOf(answers: NewAnswers): NewParam[] {
  return [
    ...(answers.stores === 'records' ? recordParams(answers) : []),
    {
      param: 'workMicros',
      byDefault: answers['work-micros'],
      minimum: 0,
      maximum: 100,
      unit: 'µs',
      description: 'CPU work of a request, parsing and storage aside',
    },
    ...(answers.waits === 'no'
      ? []
      : [
          {
            param: 'waitMicros',
            byDefault: answers['wait-micros'],
            minimum: 0,
            maximum: 100_000,
            unit: 'µs',
            description: 'how long a request waits',
          },
        ]),
  ]
}

function recordParams(answers: NewAnswers): NewParam[] {
  const skew = {
    zipf: {
      param: 'theta',
      byDefault: 0.99,
      minimum: 0,
      maximum: 1.2,
      unit: 'θ',
      description: 'skew of the keys: zipf’s exponent, 0 for uniform keys',
    },
    'hot-key': {
      param: 'hotPercent',
      byDefault: 20,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of the requests for one key; the others share the rest alike',
    },
  }[answers.skew]
  return [
    {
      param: 'keys',
      byDefault: answers.keys,
      minimum: answers.skew === 'hot-key' ? 2 : 1,
      maximum: 4_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request',
    },
    {
      param: 'valueBytes',
      byDefault: answers['value-bytes'],
      minimum: 8,
      maximum: 1_024,
      unit: 'bytes',
      integer: true,
      description: 'size of every value, a multiple of 4, version and checksum included',
    },
    {
      param: 'updatePercent',
      byDefault: answers.updates,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of updates; the rest are reads',
    },
    ...(skew === undefined ? [] : [skew]),
  ]
}

function paramText({
  param,
  byDefault,
  minimum,
  maximum,
  unit,
  integer,
  description,
}: NewParam): string {
  return `    ${param}: {
      kind: 'number',
      default: ${grouped(byDefault)},
      minimum: ${grouped(minimum)},
      maximum: ${grouped(maximum)},
      unit: '${unit}',
${integer === true ? '      integer: true,\n' : ''}      description: '${description}',
    },
`
}

/** Digits in groups of three, as they are written in code. */
function grouped(value: number): string {
  return Number.isInteger(value) ? formatWhole(value).replaceAll(',', '_') : String(value)
}

function sweepOf({ stores, skew }: NewAnswers): string {
  if (stores === 'nothing' || skew === 'uniform') return 'load=10%..95%'
  return skew === 'zipf' ? 'theta=0..1.2' : 'hotPercent=0..50'
}

function importsText({ stores, waits }: NewAnswers): string {
  const stage = stores === 'records' ? 'readOrUpdate' : 'acknowledge'
  const names = ['defineScenario', 'eachAnswerRight', stage].toSorted()
  const pass =
    stores === 'records' && waits !== 'no'
      ? '\n/** The stage only waits. */\nfunction pass(): void {}\n'
      : ''
  return `import { ${names.join(', ')} } from 'crossover'\n${pass}`
}

function workloadText({ stores, skew }: NewAnswers): string {
  if (stores === 'nothing') {
    return `    // Nothing is read or written: one record of the least size.
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
`
  }
  const keys = {
    zipf: `{ kind: 'zipf', theta }`,
    'hot-key': `{ kind: 'hot-key', share: hotPercent / 100 }`,
    uniform: `{ kind: 'uniform' }`,
  }[skew]
  return `    recordCount: keys,
    valueBytes,
    operations: { read: 100 - updatePercent, update: updatePercent },
    keys: ${keys},
`
}

function waitText({ waits }: NewAnswers): string {
  return waits === 'blocking'
    ? '{ micros: waitMicros, blocking: true, offload: true }'
    : '{ micros: waitMicros }'
}

const WAIT_COMMENTS: Readonly<Record<string, string>> = {
  timer: 'A pool’s thread sleeps meanwhile; a reactor sets a timer and goes on with others.',
  blocking: 'Whoever makes the call stops; a reactor leaves it to its off-load pool.',
}

function plainStage(answers: NewAnswers): string {
  const wait =
    answers.waits === 'no'
      ? ''
      : `      // ${WAIT_COMMENTS[answers.waits] ?? ''}\n      wait: ${waitText(answers)},\n`
  return `    {
      name: 'serve',
      codec: 'both',
${wait}      // CPU work is declared, and burnt by the harness.
      burn: { micros: workMicros },
      run: acknowledge,
    },
`
}

function keyedStages(answers: NewAnswers): string {
  const wait =
    answers.waits === 'no'
      ? ''
      : `    // ${WAIT_COMMENTS[answers.waits] ?? ''}\n    { name: 'call', wait: ${waitText(answers)}, run: pass },\n`
  return `    // The hash decides shard and lock: it must be known before the stage that touches the record.
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
${wait}    // Under the record’s lock in staged, on its owner in sharded. CPU work is declared, and burnt by the harness.
    { name: 'apply', access: 'by-operation', burn: { micros: workMicros }, run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
`
}

/** The file of a new scenario's test, for node's own runner. */
export function testText(name: string): string {
  return `import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'

// Needs node 22.18 or newer, and crossover installed where npx finds it from here.
void test('${name} keeps the rules, and both architectures answer it rightly', () => {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['--no', '--', 'crossover', 'check', './${name}.ts'],
    { cwd: import.meta.dirname, encoding: 'utf8' },
  )
  assert.equal(status, 0, stdout + stderr)
})
`
}
