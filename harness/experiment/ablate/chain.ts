import { parseArm } from '../../asked/arms.ts'
import { usageError } from '../../base/errors.ts'
import type { Arm } from '../../contract/architecture.ts'
import { COMMON_OPTIONS } from '../../contract/common-options.ts'

/** A way from one arm to another: `steps[i]` leads from `arms[i]` to `arms[i + 1]`. */
export interface Chain {
  readonly arms: readonly Arm[]
  readonly steps: readonly ChainStep[]
}

interface ChainStep {
  readonly name: string
  /** What differs, e.g. `polling`. */
  readonly mechanism: string
}

const STRAWMAN = 'staged:layout=classic:locks=single:batch=1:inline=off:idle=park'

/**
 * From the strawman to what the claims praise, one mechanism at a time: each entry says what the arm has that its
 * predecessor has not. Staged goes as far as it can first, so that the change of architecture is between its best form
 * and sharded's barest: connections at random, no batches. On few processors staged's threads cannot all poll. On either side
 * of that change the last arms are those of a default run but for what steps name: polling and routing.
 */
const DEFAULT_STEPS: readonly (readonly [name: string, arm: string])[] = [
  [
    'single lock → striped locks',
    'staged:layout=classic:locks=striped:batch=1:inline=off:idle=park',
  ],
  [
    'striped locks → optimistic reads',
    'staged:layout=classic:locks=optimistic:batch=1:inline=off:idle=park',
  ],
  ['batch 1 → 256', 'staged:layout=classic:locks=optimistic:batch=256:inline=off:idle=park'],
  ['classic → fused layout', 'staged:layout=fused:locks=optimistic:batch=256:inline=off:idle=park'],
  [
    'run the next stage inline',
    'staged:layout=fused:locks=optimistic:batch=256:inline=on:idle=park',
  ],
  ['park → spin-park', 'staged:layout=fused:locks=optimistic:batch=256:inline=on:idle=spin-park'],
  ['spin-park → poll', 'staged:layout=fused:locks=optimistic:batch=256:inline=on:idle=poll'],
  ['staged → sharded, connections at random', 'sharded:routing=random:batch=1:idle=poll'],
  ['batches from port and mailboxes', 'sharded:routing=random:batch=32:idle=poll'],
  ['shard-aware routing', 'sharded:routing=shard-aware:batch=32:idle=poll'],
]

/** The mechanism that an option belongs to; others are mechanisms of their own name. */
const MECHANISMS: Readonly<Record<string, string>> = {
  idle: 'polling',
  spinMicros: 'polling',
  batch: 'batching',
  locks: 'locks',
  stripes: 'locks',
  inline: 'inlining',
  layout: 'layout',
  routing: 'routing',
}

const EXAMPLE = '--chain staged:idle=park,staged:idle=spin-park,staged:idle=poll'

/** The chain from a staged server with one lock, no batches and parking threads to a tuned sharded one: eleven arms. */
export function defaultChain(): Chain {
  const arms = [STRAWMAN, ...DEFAULT_STEPS.map(([, arm]) => arm)].map((text) => parseArm(text))
  return chainOf(
    arms,
    DEFAULT_STEPS.map(([name]) => name),
  )
}

/** Reads `arm,arm,…`, each as behind `--arms`; steps are named after their arms. */
export function parseChain(text: string): Chain {
  const arms = text.split(',').map((armText) => parseArm(armText.trim(), {}, '--chain'))
  if (arms.length < 2) {
    throw usageError(
      'chain',
      `--chain needs at least two arms: ${text}`,
      `give them in order, separated by commas: ${EXAMPLE}`,
    )
  }
  return chainOf(
    arms,
    arms.slice(1).map((arm, index) => `${arms[index]!.label} → ${arm.label}`),
  )
}

function chainOf(arms: readonly Arm[], names: readonly string[]): Chain {
  const steps = names.map((name, index) => {
    const [from, to] = [arms[index]!, arms[index + 1]!]
    const mechanism = mechanismBetween(from, to)
    if (mechanism === '') {
      throw usageError(
        'chain',
        `--chain: two neighbours are the same arm: ${from.label}, ${to.label}`,
        `leave one out, or change an option of it: ${EXAMPLE}`,
      )
    }
    return { name, mechanism }
  })
  return { arms, steps }
}

/**
 * What differs between two arms, e.g. `locks and batching`; empty when nothing does. A change of architecture takes all
 * options with it that only one of them has, and `batch`, which means another thing in each.
 */
export function mechanismBetween(from: Arm, to: Arm): string {
  const changesArchitecture = from.architecture !== to.architecture
  const options = changesArchitecture ? Object.keys(COMMON_OPTIONS) : Object.keys(from.options)
  const changed = options
    .filter((option) => from.options[option] !== to.options[option])
    .map((option) => MECHANISMS[option] ?? option)
  return [...new Set(changesArchitecture ? ['architecture', ...changed] : changed)].join(' and ')
}
