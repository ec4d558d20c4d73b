import { expect, test } from 'vitest'
import { SHARDED_OPTIONS } from '../../harness/architectures/sharded/options.ts'
import { STAGED_OPTIONS } from '../../harness/architectures/staged/options.ts'
import { parseArms, referenceArm } from '../../harness/experiment/parse-arms.ts'
import { caughtFailure } from './caught-failure.ts'

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
  ['staged', '--arms needs two arms: staged'],
  ['staged,sharded,staged', '--arms needs two arms: staged,sharded,staged'],
  ['staged,', '--arms: no architecture has this name: (empty)'],
  ['stagged,sharded', '--arms: no architecture has this name: stagged'],
  ['staged;sharded', '--arms: no architecture has this name: staged;sharded'],
  ['staged:layout,sharded', 'arm staged: not of the form name=value: layout'],
  ['staged:,sharded', 'arm staged: not of the form name=value: '],
  ['staged:layout=nonsense,sharded', 'arm staged: layout=nonsense is not one of its choices'],
  ['staged:batch=0,sharded', 'arm staged: batch=0 is out of range'],
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

test('the reference arm is staged in the fused layout, with the settings of every arm', () => {
  expect(referenceArm()).toMatchObject({
    label: 'staged:layout=fused',
    architecture: 'staged',
    options: { layout: 'fused', idle: 'spin-park' },
  })
  expect(referenceArm({ idle: 'poll' }).options).toMatchObject({
    layout: 'fused',
    idle: 'poll',
  })
})
