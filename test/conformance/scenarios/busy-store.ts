import {
  defineScenario,
  DRAWN,
  eachAnswerRight,
  gatherLegs,
  readOrUpdate,
  type Stage,
  type Workload,
} from '../../../harness/index.ts'

/** What stages may declare, one thing at a time, around a store whose answers are checked. */
const KINDS = [
  'device',
  'call',
  'blocking',
  'read',
  'burn',
  'legs',
  'background',
  'priorities',
  'all',
] as const
type Kind = (typeof KINDS)[number]

/** One request in four takes long, the others take nothing or little. */
const MIXED = {
  kind: 'mixture',
  parts: [
    { weight: 3, micros: 0 },
    { weight: 1, micros: 2_000 },
  ],
} as const

function workloadOf(kind: Kind): Partial<Workload> {
  if (kind === 'all')
    return { ...workloadOf('legs'), ...workloadOf('priorities'), ...workloadOf('device') }
  const background = { share: 0.2, sliceMicros: 100 }
  if (kind === 'legs') return { keysPerRequest: { minimum: 1, maximum: 16, spread: 'scattered' } }
  if (kind === 'read')
    return { file: { blocks: 64, blockBytes: 512, cachedBlocks: 8, cache: 'own' } }
  if (kind === 'background') return { background: { ...background, priorities: false }, burners: 1 }
  if (kind === 'priorities') return { background: { ...background, priorities: true } }
  return { serviceTimes: MIXED }
}

/** A stage without a key that does what the kind says. */
function stageOf(kind: Kind): Stage[] {
  const name = 'busy'
  const run = (): void => {}
  if (kind === 'device') return [{ name, wait: { micros: DRAWN }, burn: { micros: 1 }, run }]
  if (kind === 'call')
    return [{ name, wait: { micros: DRAWN, blocking: true, offload: true }, run }]
  if (kind === 'blocking') return [{ name, wait: { micros: DRAWN, blocking: true }, run }]
  if (kind === 'read') return [{ name, read: {}, run }]
  if (kind === 'burn') return [{ name, burn: { micros: DRAWN }, run }]
  if (kind === 'all') {
    const each = (['device', 'call', 'burn'] as const).flatMap(stageOf)
    return each.map((stage, index) => ({ ...stage, name: `busy-${index}` }))
  }
  return []
}

export default defineScenario({
  name: 'busy-store',
  question: 'Are requests answered right that wait, block, burn or have many keys?',
  params: {
    kind: { kind: 'choice', default: 'device', choices: KINDS, description: 'what stages declare' },
    keys: {
      kind: 'number',
      default: 200,
      minimum: 1,
      maximum: 1_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request',
    },
  },
  workload: ({ kind, keys }) => ({
    recordCount: keys,
    valueBytes: 24,
    operations: { read: 50, update: 50 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    ...workloadOf(kind as Kind),
  }),
  stages: ({ kind }) => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    ...stageOf(kind as Kind),
    {
      name: 'apply',
      access: 'by-operation',
      run: readOrUpdate,
      ...((kind === 'legs' || kind === 'all') && { runKey: readOrUpdate, combine: gatherLegs }),
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
