import { type Criterion, defineScenario, eachAnswerRight, ratioOf, readOrUpdate } from 'crossover'

/** A row of the claim: the same criterion for each arm. */
function isolates(id: string, name: string, arm: string): Criterion {
  return {
    id,
    claim: `A scheduler of one’s own isolates background work: ${name}.`,
    cells: {
      with: { arm, params: { backgroundPercent: 20 }, load: '50%', loadOf: 'with' },
      without: { arm, params: { backgroundPercent: 0 }, load: '50%', loadOf: 'with' },
    },
    figures: [
      {
        name: 'p99, with background work of low priority ÷ without',
        unit: '×',
        of: ratioOf('p99', 'with', 'without'),
        confirmed: { below: 1.25 },
        refuted: { above: 2 },
      },
    ],
  }
}

/** Compaction and the like: due at an even pace, whatever the requests do. Its achieved share is in the report. */
export default defineScenario({
  name: 'background-work',
  question:
    'Who keeps background work out of the requests’ way: the kernel’s scheduler or a reactor’s own?',
  claim: 'C23',
  theme: 'scheduling',
  prediction: {
    winner: 'none',
    about: 'both',
    because:
      'with priorities on both sides either keeps it away: the kernel by nice, a reactor by taking a slice only when no request waits',
  },
  params: {
    backgroundPercent: {
      kind: 'number',
      default: 20,
      minimum: 0,
      maximum: 50,
      unit: '%',
      description: 'share of each core’s time that the background work asks for',
    },
    priorities: {
      kind: 'choice',
      default: 'on',
      choices: ['on', 'off'],
      description: 'whether requests go before it, in both architectures',
    },
    workMicros: {
      kind: 'number',
      default: 20,
      minimum: 0,
      maximum: 1_000,
      unit: 'µs',
      description: 'CPU work of a request, under its key’s lock where there are locks',
    },
  },
  defaults: { loads: '20%,50%' },
  sweeps: ['backgroundPercent=0..50'],
  criteria: [
    isolates('C23-sharded', 'sharded', 'sharded'),
    isolates('C23-staged', 'staged', 'staged'),
    isolates('C23-fused', 'staged (fused)', 'staged:layout=fused'),
  ],
  workload: ({ backgroundPercent, priorities }) => ({
    recordCount: 10_000,
    valueBytes: 100,
    operations: { read: 1, update: 1 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    background: {
      share: backgroundPercent / 100,
      sliceMicros: 200,
      priorities: priorities === 'on',
    },
  }),
  stages: ({ workMicros }) => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', burn: { micros: workMicros }, run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
