import { describe, expect, test } from 'vitest'
import { parseArm } from '../../harness/asked/arms.ts'
import { findProfile } from '../../harness/asked/profiles.ts'
import { parseMetric, parseValidationParts } from '../../harness/asked/quantities.ts'
import { parseTransport } from '../../harness/asked/transport.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const NO_FLAGS = { connections: undefined, pipelining: undefined, tcpPort: undefined }

/** Whatever takes one of several names, how it names what it takes, and a name that is nearly right. */
const NAMED = [
  {
    flag: '--metric',
    kind: 'metric',
    read: parseMetric,
    near: ['troughput', 'throughput'],
    all: 'metrics: p50, p90, p99, p99.9, max, throughput, goodput, cpu',
  },
  {
    flag: '--profile',
    kind: 'profile',
    read: findProfile,
    near: ['smok', 'smoke'],
    all: 'profiles: smoke, short, default, long',
  },
  {
    flag: '--transport',
    kind: 'transport',
    read: (text: string) => parseTransport(text, NO_FLAGS),
    near: ['htp', 'http'],
    all: 'transports: replay, http',
  },
  {
    flag: '--arms',
    kind: 'architecture',
    read: (text: string) => parseArm(text),
    near: ['shraded', 'sharded'],
    all: 'architectures: staged, sharded',
  },
  {
    flag: '--only',
    kind: 'part',
    read: parseValidationParts,
    near: ['theroy', 'theory'],
    all: 'parts: theory, aa, planted, omission, engine',
  },
] as const

describe.each(NAMED)('$flag', ({ flag, kind, read, near: [typed, meant], all }) => {
  test.each(['nonsense', 'of mine', 'constructor'])('%j is refused with all names', (text) => {
    expect(caughtFailure(() => read(text))).toMatchObject({
      kind: 'usage',
      message: `${flag}: no ${kind} has this name: ${text}`,
      cure: all,
    })
  })

  test('an empty name is refused in words', () => {
    expect(caughtFailure(() => read('')).message).toBe(`${flag}: no ${kind} has this name: (empty)`)
  })

  test('a mistyped one is answered with the nearest', () => {
    expect(caughtFailure(() => read(typed)).cure).toBe(`did you mean ${meant}? ${all}`)
  })
})

test('one empty or wrong name among several is refused', () => {
  for (const [text, unknown] of [
    ['theory,', '(empty)'],
    ['theory;aa', 'theory;aa'],
  ] as const)
    expect(caughtFailure(() => parseValidationParts(text)).message).toBe(
      `--only: no part has this name: ${unknown}`,
    )
})
