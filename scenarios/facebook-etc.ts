import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/**
 * Facebook's ETC pool of memcached (Atikoglu et al., SIGMETRICS 2012, with the constants of mutilate): keys of about 35 bytes,
 * values of 0 to 8,184 bytes behind a head of 8, longer ones cut, thirty reads per write, gaps of a generalised Pareto distribution.
 */
export default defineScenario({
  name: 'facebook-etc',
  question:
    'Which architecture serves a general-purpose cache, small keys and values of all sizes, with the lower tail?',
  theme: 'memory and caches',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'nearly all requests read a few hundred bytes, which costs less than handoffs; arrivals are burstier than Poisson, which a shared queue smooths better, but not enough',
  },
  params: {
    theta: {
      kind: 'number',
      default: 0.99,
      minimum: 0,
      maximum: 1.2,
      unit: 'θ',
      description:
        'skew of the keys: zipf’s exponent, 0 for uniform keys; the paper gives no law, only that it is skewed',
    },
  },
  workload: ({ theta }) => ({
    recordCount: 100_000,
    valueBytes: 8_192,
    valueSizes: 'facebook-etc',
    keySizes: 'facebook-etc',
    operations: { read: 30, update: 1 },
    keys: { kind: 'zipf', theta },
    arrivals: { kind: 'generalized-pareto', shape: 0.154971 },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
