import { acknowledge, defineScenario, eachAnswerRight, metricOf } from 'crossover'

/** At 1,000/s and 10 ms ten threads of a pool wait, hardly ever more than half of 64: what is measured is no wait for a thread. */
const ROOMY = 'staged:blockingThreads=64'

/**
 * Each request waits for a device: a simulated one that takes exactly so long, or real reads of a file past the page cache. Staged
 * has a thread wait with each request, or with `waits=async` a timer; reads of a file take a thread in either. A
 * wait near the timer's own lateness is timer-bound: `run` says so and gives no verdict (a sweep does not look).
 */
export default defineScenario({
  name: 'io-overlap',
  question:
    'How fast must a device be until blocking a thread for it costs more than the device itself?',
  claim: 'C08',
  theme: 'devices and blocking',
  prediction: {
    winner: 'sharded',
    about: 'both',
    because:
      'waiting threads must be switched away and back, which takes as long as a fast device; staged that leaves waits to a timer blocks no thread, but hands each request to the timer’s thread and back, two wake-ups where a reactor looks at timers of its own; at ten milliseconds either is nothing and all tie, as long as the pool has threads enough',
  },
  params: {
    device: {
      kind: 'choice',
      default: 'simulated',
      choices: ['simulated', 'file'],
      description: 'a declared wait, or a read of one block of a file that was never cached',
    },
    deviceMicros: {
      kind: 'number',
      default: 1_000,
      minimum: 10,
      maximum: 10_000,
      unit: 'µs',
      description: 'latency of the simulated device',
    },
    workMicros: {
      kind: 'number',
      default: 5,
      minimum: 0,
      maximum: 100,
      unit: 'µs',
      description: 'CPU work of a request besides',
    },
  },
  defaults: { arms: 'staged,staged:waits=async,sharded', loads: '1000/s,5000/s,20%' },
  sweeps: ['deviceMicros=10..10000'],
  criteria: [
    {
      id: 'C08',
      claim: 'The faster the device, the more blocking wastes.',
      cells: {
        'staged 100 µs': { arm: ROOMY, params: { deviceMicros: 100 }, load: '1000/s' },
        'staged 10 ms': { arm: ROOMY, params: { deviceMicros: 10_000 }, load: '1000/s' },
        'sharded 100 µs': { arm: 'sharded', params: { deviceMicros: 100 }, load: '1000/s' },
        'sharded 10 ms': { arm: 'sharded', params: { deviceMicros: 10_000 }, load: '1000/s' },
      },
      figures: [
        {
          name: 'median of staged beyond a wait of 100 µs',
          unit: '%',
          of: metricOf('staged 100 µs', 'beyondWait'),
          confirmed: { above: 25 },
        },
        {
          name: 'median of staged beyond a wait of 10 ms',
          unit: '%',
          of: metricOf('staged 10 ms', 'beyondWait'),
          confirmed: { below: 5 },
        },
        {
          name: 'the larger of both',
          unit: '%',
          of: {
            largest: [
              metricOf('staged 100 µs', 'beyondWait'),
              metricOf('staged 10 ms', 'beyondWait'),
            ],
          },
          refuted: { below: 5 },
        },
        {
          name: 'median of sharded beyond a wait of 100 µs',
          unit: '%',
          of: metricOf('sharded 100 µs', 'beyondWait'),
        },
        {
          name: 'the same, 10 ms',
          unit: '%',
          of: metricOf('sharded 10 ms', 'beyondWait'),
        },
        {
          name: 'the kernel’s own lateness of a wait of 100 µs',
          unit: '%',
          of: metricOf('staged 100 µs', 'waitLateness'),
        },
      ],
    },
  ],
  workload: ({ device }) => ({
    recordCount: 10_000,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    ...(device === 'file' && {
      file: { blocks: 16_384, blockBytes: 4_096, cachedBlocks: 0, cache: 'none' },
    }),
  }),
  stages: ({ device, deviceMicros, workMicros }) => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    {
      name: 'device',
      ...(device === 'file' ? { read: {} } : { wait: { micros: deviceMicros } }),
      burn: { micros: workMicros },
      run: acknowledge,
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
