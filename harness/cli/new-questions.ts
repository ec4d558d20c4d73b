import type { Readable, Writable } from 'node:stream'
import { select, text } from '@clack/prompts'
import { describeParameter, parseParameters } from '../asked/parameters.ts'
import { runError } from '../base/errors.ts'
import type { ParameterSpec } from '../contract/scenario.ts'

/** One thing that `crossover new` wants to know: a question on a terminal, and a flag. */
export interface NewQuestion {
  readonly question: string
  /** What it may be, and what it is unless somebody says otherwise. */
  readonly spec: ParameterSpec
  /** What each choice means, in its order. */
  readonly meanings?: readonly string[]
  /** Whether it matters, given the answers to the questions before it; @default always */
  readonly matters?: (answers: Readonly<Record<string, number | string>>) => boolean
}

const storesRecords = ({ stores }: Readonly<Record<string, number | string>>): boolean =>
  stores === 'records'

/** The questions by flag, in the order in which they are asked. */
export const NEW_QUESTIONS = {
  stores: {
    question: 'What does the server store?',
    spec: choice('what the server stores', ['records', 'nothing']),
    meanings: ['records, found by their keys', 'nothing: requests are work or waiting'],
  },
  keys: {
    question: 'How many records?',
    spec: whole('records stored before the first request', 100_000, 1, 4_000_000, 'records'),
    matters: storesRecords,
  },
  'value-bytes': {
    question: 'How many bytes has each value, a multiple of 4?',
    spec: whole('size of every value, a multiple of 4', 100, 8, 1_024, 'bytes'),
    matters: storesRecords,
  },
  updates: {
    question: 'How many of the requests, in percent, are updates? The rest are reads.',
    spec: whole('share of updates; the rest are reads', 50, 0, 100, '%'),
    matters: storesRecords,
  },
  skew: {
    question: 'Which keys are asked for?',
    spec: choice('which keys are asked for', ['zipf', 'uniform', 'hot-key']),
    meanings: [
      'few of them often, most of them seldom (zipf, θ = 0.99)',
      'all alike',
      'one of them far more often than the others',
    ],
    matters: storesRecords,
  },
  'work-micros': {
    question: 'How many µs of CPU work does a request need, parsing and storage aside?',
    spec: {
      kind: 'number',
      description: 'CPU work of a request, parsing and storage aside',
      default: 5,
      minimum: 0,
      maximum: 100,
      unit: 'µs',
    },
  },
  waits: {
    question: 'Does a request wait for something, a device or another server?',
    spec: choice('whether a request waits for something', ['no', 'timer', 'blocking']),
    meanings: [
      'no',
      'yes, and whoever serves it could go on with others meanwhile',
      'yes, in a call that blocks the thread that makes it',
    ],
  },
  'wait-micros': {
    question: 'How many µs does it wait?',
    spec: whole('how long a request waits', 1_000, 1, 100_000, 'µs'),
    matters: ({ waits }) => waits !== 'no',
  },
  expect: {
    question: 'Which architecture do you expect to win? It is compared with the outcome.',
    spec: choice('the architecture that you expect to win', ['sharded', 'staged', 'none']),
    meanings: ['sharded: thread-per-core', 'staged: pools and queues', 'none: no difference'],
  },
} as const satisfies Readonly<Record<string, NewQuestion>>

export type NewFlag = keyof typeof NEW_QUESTIONS

/** An answer to each question; those that do not matter have their defaults. */
export type NewAnswers = {
  readonly [Flag in NewFlag]: (typeof NEW_QUESTIONS)[Flag]['spec']['kind'] extends 'number'
    ? number
    : string
}

function choice<const C extends readonly [string, ...string[]]>(
  description: string,
  choices: C,
): Extract<ParameterSpec, { kind: 'choice' }> {
  return { kind: 'choice', description, default: choices[0], choices }
}

function whole(
  description: string,
  byDefault: number,
  minimum: number,
  maximum: number,
  unit: string,
): Extract<ParameterSpec, { kind: 'number' }> {
  return { kind: 'number', description, default: byDefault, minimum, maximum, unit, integer: true }
}

/** Where questions go and answers come from. */
interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

/**
 * Asks what is not given yet and matters, one question after the other; Enter takes the default.
 * @param given answers by flag, as texts; @returns them and the others.
 * @throws CrossoverError of kind `run` when the user breaks off.
 */
export async function askQuestions(
  given: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = { ...given }
  for (const [flag, question] of Object.entries<NewQuestion>(NEW_QUESTIONS)) {
    if (answers[flag] !== undefined || question.matters?.(answers) === false) continue
    const answer = await ask(flag, question, terminal)
    // A symbol stands for a cancelled prompt.
    if (typeof answer === 'symbol') {
      throw runError('interrupted', 'broken off: nothing was written', 'begin again, or use --yes')
    }
    answers[flag] = answer
  }
  return answers
}

function ask(
  flag: string,
  { question: message, spec, meanings = [] }: NewQuestion,
  terminal: Terminal,
): Promise<string | symbol> {
  if (spec.kind === 'choice') {
    const options = spec.choices.map((value, index) => ({ value, label: meanings[index] ?? value }))
    return select<string>({ ...terminal, message, options, initialValue: spec.default })
  }
  const byDefault = String(spec.default)
  return text({
    ...terminal,
    message,
    placeholder: byDefault,
    defaultValue: byDefault,
    validate: (answer) => faultOf(flag, spec, answer),
  })
}

/** What is wrong with an answer; undefined for a right one, and for none, which is the default. */
function faultOf(
  flag: string,
  spec: NewQuestion['spec'],
  answer: string | undefined,
): string | undefined {
  if (answer === undefined || answer === '') return undefined
  try {
    parseParameters({ [flag]: spec }, { [flag]: answer.trim() }, 'new')
    return undefined
  } catch {
    return describeParameter(spec)
  }
}
