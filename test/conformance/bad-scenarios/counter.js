import { eachAnswerRight, STATUS_OK, valueChecksum } from 'crossover'

/** The parts that the scenarios of this folder share, all of them right: records that are read. */
export const counter = {
  question: 'Is the mistake told?',
  params: {},
  workload: () => ({
    recordCount: 100,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  }),
  verify: eachAnswerRight,
}

/** What a stage has to do. */
export function answer(request) {
  request.hashKey()
  request.reply(STATUS_OK, 0, valueChecksum(request.hash, 0))
}

/** Stages whose middle one, `apply`, has these fields. */
export function stagesWith(apply) {
  return [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'apply', ...apply },
    { name: 'encode', codec: 'encode' },
  ]
}
