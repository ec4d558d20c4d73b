/** What a scenario author imports, by the name `crossover`; nothing else is public. */
export {
  defineScenario,
  DRAWN,
  NO_RECORD,
  READ_OPERATION,
  STATUS_CORRUPT,
  STATUS_NOT_FOUND,
  STATUS_OK,
  UPDATE_OPERATION,
} from './contract/scenario.ts'
export type {
  Access,
  ArrivalProcess,
  Burn,
  Clients,
  CodecStage,
  Document,
  HandlerStage,
  KeyDistribution,
  OperationMix,
  ParameterSpec,
  ParameterSpecs,
  ParameterValues,
  Prediction,
  RecordHandle,
  Records,
  Request,
  Scenario,
  ServiceTimes,
  Stage,
  Totals,
  Wait,
  Workload,
} from './contract/scenario.ts'
export { valueChecksum } from './base/hash.ts'
export { eachAnswerRight } from './workload/answers.ts'
export { readOrUpdate } from './workload/read-or-update.ts'
