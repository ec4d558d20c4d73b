import { acknowledge, defineScenario, eachAnswerRight } from 'crossover'

const TEXT = 'Hello, World!'

/** TechEmpower's plaintext: the least that a server can do for a request, sixteen to a system call. */
export default defineScenario({
  name: 'http-plaintext',
  question: 'What does a server cost that only answers, where a system call serves many requests?',
  theme: 'stages and handoffs',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'both make the same system calls, which pipelining spreads over many requests; the answer costs nothing beside them, so the handoffs that a staged server adds are most of what differs',
  },
  params: {
    pipelining: {
      kind: 'number',
      default: 16,
      minimum: 1,
      maximum: 64,
      unit: 'requests',
      integer: true,
      description: 'requests that an HTTP connection sends before it waits for a reply',
    },
  },
  workload: ({ pipelining }) => ({
    recordCount: 1,
    valueBytes: 24,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    document: { path: '/plaintext', contentType: 'text/plain', text: TEXT },
    clients: { connections: 64, pipelining },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode' },
    {
      name: 'respond',
      run(request) {
        acknowledge(request)
        request.replyText(TEXT)
      },
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
