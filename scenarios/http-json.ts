import { acknowledge, defineScenario, eachAnswerRight } from 'crossover'

/** TechEmpower forbids a cached text: each request has an object of its own, serialised anew. */
function freshText(): string {
  return JSON.stringify({ message: 'Hello, World!' })
}

/** TechEmpower's JSON: a little work for each request, and a read and a write of its own. */
export default defineScenario({
  name: 'http-json',
  question: 'What is left of the difference where system calls for every request cost the most?',
  theme: 'stages and handoffs',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'each request costs a read and a write in either architecture, more than its handoffs, but only the staged server has handoffs, and their wake-ups show in the tail; by less than in http-plaintext',
  },
  params: {
    pipelining: {
      kind: 'number',
      default: 1,
      minimum: 1,
      maximum: 64,
      unit: 'requests',
      integer: true,
      description: 'requests that an HTTP connection sends before it waits for a reply',
    },
  },
  workload: ({ pipelining }) => ({
    recordCount: 1,
    valueBytes: 36,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    document: { path: '/json', contentType: 'application/json', text: freshText() },
    clients: { connections: 64, pipelining },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode' },
    {
      name: 'respond',
      run(request) {
        acknowledge(request)
        request.replyText(freshText())
      },
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
