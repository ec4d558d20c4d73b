import { expect, test } from 'vitest'
import {
  defaultChain,
  mechanismBetween,
  parseChain,
} from '../../../harness/experiment/ablate/chain.ts'
import { runsInline } from '../../../harness/architectures/staged/launch.ts'
import { parseArm } from '../../../harness/asked/arms.ts'
import { caughtFailure } from '../caught-failure.ts'

test('each arm of the default chain differs from its neighbour in one mechanism', () => {
  expect(defaultChain().steps.map((step) => step.mechanism)).toEqual([
    'locks',
    'locks',
    'batching',
    'layout',
    'inlining',
    'polling',
    'polling',
    'architecture',
    'batching',
    'routing',
  ])
})

test('each arm but the one of the other architecture changes one option of its neighbour', () => {
  const { arms } = defaultChain()
  const changed = arms.slice(1).map((arm, index) => {
    const before = arms[index]!
    if (before.architecture !== arm.architecture) return 'architecture'
    return Object.keys(arm.options)
      .filter((name) => arm.options[name] !== before.options[name])
      .join()
  })
  expect(changed).toEqual([
    'locks',
    'locks',
    'batch',
    'layout',
    'inline',
    'idle',
    'idle',
    'architecture',
    'batch',
    'routing',
  ])
})

test('it leads from a strawman to what the claims praise', () => {
  const { arms } = defaultChain()
  expect(arms[0]).toMatchObject({
    architecture: 'staged',
    options: { layout: 'classic', locks: 'single', batch: 1, inline: 'off', idle: 'park' },
  })
  expect(arms.at(-1)).toMatchObject({
    architecture: 'sharded',
    options: { routing: 'shard-aware', batch: 32, idle: 'poll' },
  })
  const defaults = parseArm('staged').options
  for (const { options } of arms) {
    expect(options['moderationMicros']).toBe(defaults['moderationMicros'])
    expect(options['spinMicros']).toBe(defaults['spinMicros'])
    expect(options['permits']).toBe(defaults['permits'])
  }
})

test('each architecture’s last arm is what a default run plays, but for polling and routing', () => {
  const { arms } = defaultChain()
  const stepsName = { idle: null, routing: null }
  for (const text of ['staged:layout=fused', 'sharded']) {
    const arm = parseArm(text)
    const last = arms.findLast(({ architecture }) => architecture === arm.architecture)!
    // Which staged arm runs stages inline is left to its layout.
    const inline = arm.architecture === 'staged' && { inline: runsInline(arm) ? 'on' : 'off' }
    expect({ ...last.options, ...stepsName }).toEqual({ ...arm.options, ...stepsName, ...inline })
  }
})

test('steps of a chain of one’s own are named after its arms', () => {
  expect(parseChain('staged:idle=park, staged,sharded')).toMatchObject({
    arms: [{ label: 'staged:idle=park' }, { label: 'staged' }, { label: 'sharded' }],
    steps: [
      { name: 'staged:idle=park → staged', mechanism: 'polling' },
      { name: 'staged → sharded', mechanism: 'architecture' },
    ],
  })
})

test('an arm may come again, but not beside itself', () => {
  expect(parseChain('staged,sharded,staged').steps).toHaveLength(2)
})

test.each([
  ['staged', 'staged:batch=64:locks=single', 'batching and locks'],
  ['staged', 'sharded:idle=park', 'architecture and polling'],
  ['staged:batch=1', 'sharded:batch=32', 'architecture'],
  ['staged', 'staged:threads=4', 'threads'],
  ['staged', 'staged:layout=classic', ''],
])('from %s to %s differ: %s', (from, to, mechanism) => {
  const difference = mechanismBetween(parseArm(from), parseArm(to)).split(' and ').toSorted()
  expect(difference.join(' and ')).toBe(mechanism)
})

test.each([
  ['staged', 'chain', /^--chain needs at least two arms: staged$/],
  ['staged,staged:layout=classic', 'chain', /^--chain: two neighbours are the same arm: /],
  ['staged,shraded', 'architecture', /^--chain: no architecture has this name: shraded$/],
  ['staged,', 'architecture', /^--chain: no architecture has this name: \(empty\)$/],
])('the chain %s is refused with a cure', (text, code, message) => {
  const failure = caughtFailure(() => parseChain(text))
  expect(failure).toMatchObject({ kind: 'usage', code })
  expect(failure.message).toMatch(message)
  expect(failure.cure).not.toBe('')
})
