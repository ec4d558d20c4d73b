/** What a scenario author imports, by the name `crossover`; nothing else is public. */
export { defineScenario } from './contract/scenario.ts'
export { metricOf, ratioOf } from './contract/claim.ts'
export {
  INSERT_OPERATION,
  NO_RECORD,
  READ_MODIFY_WRITE_OPERATION,
  READ_OPERATION,
  STATUS_CORRUPT,
  STATUS_NOT_FOUND,
  STATUS_OK,
  UPDATE_OPERATION,
} from './contract/request.ts'
export { DRAWN } from './contract/stage.ts'
export type {
  Cell,
  CellMetric,
  Condition,
  Criterion,
  CriterionFigure,
  FigureOf,
  Limit,
  RoundFigure,
  UsefulTime,
} from './contract/claim.ts'
export type {
  ComparisonDefaults,
  ParameterSpec,
  ParameterSpecs,
  ParameterValues,
  Prediction,
  Scenario,
  Totals,
} from './contract/scenario.ts'
export type { RecordHandle, Records, Request } from './contract/request.ts'
export type {
  Access,
  BlockRead,
  Burn,
  CodecStage,
  HandlerStage,
  HeapChurn,
  PageTouch,
  Stage,
  Wait,
} from './contract/stage.ts'
export type {
  ArrivalProcess,
  BackgroundWork,
  BlockFile,
  Clients,
  Document,
  HeavyClients,
  KeyDistribution,
  KeysPerRequest,
  OperationMix,
  RequestClasses,
  ServiceTimes,
  TouchedMemory,
  Workload,
} from './contract/workload.ts'
export { valueChecksum } from './base/hash.ts'
export { acknowledge } from './workload/handlers.ts'
export { eachAnswerRight } from './workload/handlers.ts'
export { gatherLegs } from './workload/handlers.ts'
export { readOrUpdate } from './workload/handlers.ts'
export { SERVICE_SHAPES, type ServiceShape } from './workload/service-times.ts'
