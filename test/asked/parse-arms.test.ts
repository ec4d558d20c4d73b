import { expect, test } from 'vitest'
import { SHARDED_OPTIONS } from '../../harness/architectures/sharded/options.ts'
import { STAGED_OPTIONS } from '../../harness/architectures/staged/options.ts'
import {
  chooseComparisons,
  DEFAULT_ARMS,
  firstCompared,
  parseArms,
  parseTwoArms,
} from '../../harness/asked/arms.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const defaultsOf = (specs: Readonly<Record<string, { default: number | string }>>): object =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default]))

test('arms without options have all defaults', () => {
  expect(parseArms('staged,sharded')).toEqual([
    { label: 'staged', architecture: 'staged', options: defaultsOf(STAGED_OPTIONS) },
    { label: 'sharded', architecture: 'sharded', options: defaultsOf(SHARDED_OPTIONS) },
  ])
})

test.each([
  ['staged,sharded', ['staged', 'sharded']],
  ['sharded,staged', ['sharded', 'staged']],
  [' staged : batch = 64 , sharded ', ['staged:batch=64', 'sharded']],
  ['staged:batch=6e1,sharded', ['staged:batch=60', 'sharded']],
  ['staged:layout=fused:batch=64,sharded', ['staged:layout=fused:batch=64', 'sharded']],
  ['staged:layout=classic,staged:layout=fused', ['staged:layout=classic', 'staged:layout=fused']],
  ['sharded,sharded', ['sharded#1', 'sharded#2']],
  ['staged,sharded,staged', ['staged#1', 'sharded', 'staged#2']],
  ['staged,staged,staged,staged', ['staged#1', 'staged#2', 'staged#3', 'staged#4']],
  ['staged:batch=8,staged:batch=8', ['staged:batch=8#1', 'staged:batch=8#2']],
])('%j is labelled %j', (text, labels) => {
  expect(parseArms(text).map((arm) => arm.label)).toEqual(labels)
})

test('an arm has the options it sets', () => {
  const [staged, sharded] = parseArms('staged:layout=fused:batch=64,sharded:routing=shard-aware')
  expect(staged.options).toMatchObject({ layout: 'fused', batch: 64, routing: 'random' })
  expect(sharded.options).toMatchObject({ routing: 'shard-aware', batch: 32 })
})

test.each([
  ['', '--arms: no architecture has this name: (empty)'],
  ['staged', '--arms needs 2 to 4 arms, not 1: staged'],
  [
    'staged,sharded,staged,sharded,staged',
    '--arms needs 2 to 4 arms, not 5: staged,sharded,staged,sharded,staged',
  ],
  ['staged,', '--arms: no architecture has this name: (empty)'],
  ['stagged,sharded', '--arms: no architecture has this name: stagged'],
  ['staged;sharded', '--arms: no architecture has this name: staged;sharded'],
  ['staged:layout,sharded', 'arm staged: not of the form name=value: layout'],
  ['staged:,sharded', 'arm staged: not of the form name=value: '],
  ['staged:layout=nonsense,sharded', 'arm staged: layout=nonsense is not one of its choices'],
  ['staged:batch=1001,sharded', 'arm staged: batch=1001 is out of range'],
  ['staged:batch=1.5,sharded', 'arm staged: batch=1.5 is not an integer'],
  ['staged:batch=1:batch=2,sharded', 'arm staged: batch is given twice'],
  ['staged,sharded:layout=fused', 'arm sharded: layout=fused sets what does not exist'],
  ['staged:stripes=100,sharded', 'arm staged: stripes=100 is not a power of two'],
  ['staged:queueCapacity=100,sharded', 'arm staged: queueCapacity=100 is not a power of two'],
  ['staged,sharded:ringCapacity=100', 'arm sharded: ringCapacity=100 is not a power of two'],
])('%j is refused', (text, message) => {
  const failure = caughtFailure(() => parseArms(text))
  expect(failure.kind).toBe('usage')
  expect(failure.message).toBe(message)
  expect(failure.cure).not.toBe('')
})

test('a power of two, and a zero that lets the architecture choose, are taken', () => {
  const [staged] = parseArms('staged:stripes=1:queueCapacity=0,sharded:ringCapacity=256')
  expect(staged.options).toMatchObject({ stripes: 1, queueCapacity: 0 })
})

test('the cure of a wrong power names its neighbours', () => {
  expect(caughtFailure(() => parseArms('staged:stripes=100,sharded')).cure).toBe(
    'the nearest are 64 and 128',
  )
})

test('shorthands set what an arm does not set itself, and leave its label alone', () => {
  const shorthands = {
    both: { idle: 'poll', permits: '64' },
    staged: { layout: 'fused', inline: 'off' },
  }
  const [staged, sharded] = parseArms('staged:layout=classic,sharded:idle=park', shorthands)
  expect(staged.options).toMatchObject({
    idle: 'poll',
    permits: 64,
    layout: 'classic',
    inline: 'off',
  })
  expect(sharded.options).toMatchObject({ idle: 'park', permits: 64 })
  expect(staged.label).toBe('staged:layout=classic')
})

test('a shorthand for staged arms is refused when there is none', () => {
  const failure = caughtFailure(() => parseArms('sharded,sharded', { staged: { layout: 'fused' } }))
  expect(failure.message).toBe(
    'layout=fused is for a staged arm, and there is none: --arms sharded,sharded',
  )
})

test('where two arms are needed, three are refused', () => {
  expect(parseTwoArms('staged,sharded').map(({ label }) => label)).toEqual(['staged', 'sharded'])
  const failure = caughtFailure(() => parseTwoArms('staged,sharded,sharded'))
  expect(failure.message).toBe('--arms needs two arms, not 3: staged,sharded,sharded')
  expect(failure.cure).toBe('give two, separated by a comma: --arms staged,sharded')
})

/** `second ÷ first` of each comparison. */
const compared = (text: string, against?: string) =>
  chooseComparisons(parseArms(text), against).map(({ first, second }) => `${second} ÷ ${first}`)

test.each<[text: string, against: string | undefined, comparisons: readonly string[]]>([
  [DEFAULT_ARMS, undefined, ['sharded ÷ staged', 'sharded ÷ staged:layout=fused']],
  [DEFAULT_ARMS, 'staged', ['staged:layout=fused ÷ staged', 'sharded ÷ staged']],
  ['staged,sharded', undefined, ['sharded ÷ staged']],
  [
    'staged,staged:waits=async,sharded',
    undefined,
    ['sharded ÷ staged', 'sharded ÷ staged:waits=async'],
  ],
  ['staged,sharded,sharded:batch=8', undefined, ['sharded ÷ staged', 'sharded:batch=8 ÷ staged']],
  ['sharded,staged,staged:batch=8', undefined, ['staged ÷ sharded', 'staged:batch=8 ÷ sharded']],
  ['sharded,staged,staged:batch=8', '3', ['sharded ÷ staged:batch=8', 'staged ÷ staged:batch=8']],
  ['sharded,staged', ' staged ', ['sharded ÷ staged']],
  ['staged,staged,sharded', 'staged#2', ['staged#1 ÷ staged#2', 'sharded ÷ staged#2']],
  [
    'sharded,staged,sharded,staged',
    '1',
    ['staged#1 ÷ sharded#1', 'sharded#2 ÷ sharded#1', 'staged#2 ÷ sharded#1'],
  ],
])('%s against %s: %j', (text, against, comparisons) => {
  expect(compared(text, against)).toEqual(comparisons)
})

test.each([
  ['staged,staged:waits=async,sharded', 'staged,sharded'],
  ['staged:batch=8, sharded', 'staged:batch=8, sharded'],
  ['staged,staged', 'staged,staged'],
  ['sharded,staged,sharded:batch=8', 'sharded,staged'],
])('of %s the report is about %s', (text, two) => {
  expect(firstCompared(text)).toBe(two)
})

test.each(['fused', '', '0', '3', 'staged#1'])(
  '--against %j, which no arm is, names the arms',
  (against) => {
    const failure = caughtFailure(() => compared('staged,sharded', against))
    expect(failure.kind).toBe('usage')
    expect(failure.message).toBe(
      `--against: no arm has this label or place: ${against || '(empty)'}`,
    )
    expect(failure.cure).toBe('name one of 1 staged, 2 sharded')
  },
)
