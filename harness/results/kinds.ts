import { basename } from 'node:path'
import { ABLATION_VERSION, ablationSchema } from './ablate.ts'
import { CALIBRATION_VERSION, calibrationSchema } from './calibrate.ts'
import { CATALOGUE_SCHEMA_VERSION, catalogueSchema } from './catalogue.ts'
import { CLAIMS_VERSION, claimsSchema } from './claims.ts'
import { CROSSING_VERSION, crossingSchema } from './find.ts'
import { SWEEP_VERSION, sweepSchema } from './sweep.ts'
import { VALIDATION_VERSION, validationSchema } from './validate.ts'

/** What a kind of measurement leaves in its folder, and how it is told from the others. */
interface Files {
  /** That measures it, and the file in `cli/` that has it. */
  readonly command: string
  /** How several of it are called. */
  readonly plural: string
  /** Its figures. */
  readonly file: string
  /** Made of them, to look at; null when the command prints all there is. */
  readonly page: string | null
  /** What its file is called when it cannot be saved, and before its path: `cannot save the sweep`. */
  readonly thing: string
  /** Behind the start in its folder's name, before a scenario's; empty for that alone. */
  readonly prefix: string
  /** That of one scenario, whose name its folder has. */
  readonly isOfScenario: boolean
  /** With its article: `a sweep, made by crossover sweep`. */
  readonly what: string
  /** What can be done with it where a report was asked for. */
  readonly cure: string
  /** Properties that its content has and no other kind's. */
  readonly marks: readonly string[]
}

const FOR_RUNS = 'this takes the folders of crossover run'

type Named = Pick<Files, 'command' | 'plural' | 'thing' | 'what' | 'marks'>

/** With a page beside its figures, both called as the thing is. */
function ofScenario(named: Named): Files {
  const { command, thing, what } = named
  return {
    ...named,
    file: `${thing}.json`,
    page: `${thing}.html`,
    prefix: command,
    isOfScenario: true,
    what: `${what}, made by crossover ${command}`,
    cure: `open ${thing}.html beside it; ${FOR_RUNS}`,
  }
}

/** Without one: the command prints all there is. */
function ofMachine(named: Named): Files {
  const cure = `crossover ${named.command} prints its table; ${FOR_RUNS}`
  return { ...ofScenario(named), page: null, isOfScenario: false, cure }
}

/** The one table of kinds. A new one is a line here, its shape beside this file, and the file of its command. */
export const KINDS = {
  run: {
    command: 'run',
    plural: 'runs',
    file: 'report.json',
    isOfScenario: true,
    page: 'report.html',
    thing: 'report',
    prefix: '',
    what: 'a report, made by crossover run',
    cure: 'crossover report shows it',
    marks: ['loads'],
  },
  catalogue: {
    command: 'run',
    plural: 'catalogues',
    file: 'catalogue.json',
    isOfScenario: false,
    page: 'index.html',
    thing: 'catalogue',
    prefix: 'catalogue',
    what: 'the index of a catalogue, made by crossover run --all',
    cure: 'open index.html beside it, or name the folder of one of its scenarios',
    marks: ['scenarios'],
  },
  sweep: ofScenario({
    command: 'sweep',
    plural: 'sweeps',
    thing: 'sweep',
    what: 'a sweep',
    marks: ['over', 'slopes'],
  }),
  search: ofScenario({
    command: 'find',
    plural: 'searches',
    thing: 'crossing',
    what: 'a search for a crossing',
    marks: ['over', 'crossing'],
  }),
  ablation: ofScenario({
    command: 'ablate',
    plural: 'ablations',
    thing: 'ablation',
    what: 'an ablation',
    marks: ['mechanisms', 'productOfEstimates'],
  }),
  calibration: ofMachine({
    command: 'calibrate',
    plural: 'calibrations',
    thing: 'calibration',
    what: 'a calibration',
    marks: ['rows', 'claims'],
  }),
  validation: ofMachine({
    command: 'validate',
    plural: 'validations',
    thing: 'validation',
    what: 'a validation',
    marks: ['validationVersion'],
  }),
  claims: {
    ...ofScenario({
      command: 'claims',
      plural: 'tests of claims',
      thing: 'claims',
      what: 'a test of claims',
      marks: ['claims', 'run'],
    }),
    thing: 'test of claims',
    isOfScenario: false,
  },
} satisfies Readonly<Record<string, Files>>

/** What a saved measurement is: `search` is one for a crossing. */
export type KindName = keyof typeof KINDS

/** In the order in which they are told. */
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[]

/** How files of each kind are read; reports have versions of their own. */
export const SHAPES = {
  catalogue: { schema: catalogueSchema, version: CATALOGUE_SCHEMA_VERSION },
  sweep: { schema: sweepSchema, version: SWEEP_VERSION },
  search: { schema: crossingSchema, version: CROSSING_VERSION },
  ablation: { schema: ablationSchema, version: ABLATION_VERSION },
  calibration: { schema: calibrationSchema, version: CALIBRATION_VERSION },
  validation: { schema: validationSchema, version: VALIDATION_VERSION },
  claims: { schema: claimsSchema, version: CLAIMS_VERSION },
} as const

/** A file of crossover that is no report. */
type Other = Pick<Files, 'file' | 'what' | 'cure' | 'marks'>

const OTHERS: readonly Other[] = [
  ...KIND_NAMES.filter((name) => name !== 'run').map((name) => KINDS[name]),
  {
    file: 'machine.json',
    what: 'the A/A band of a machine, made by crossover validate',
    cure: `leave it where it is: crossover run reads it; ${FOR_RUNS}`,
    marks: ['machineVersion'],
  },
]

/** Names of all such files: what a folder without a report may hold. */
export const OTHER_FILES: readonly string[] = OTHERS.map(({ file }) => file)

/** What a file is that is no report, by its properties, else by its name; undefined when it is nothing of crossover. */
export function otherMeasurement(path: string, content: object): Other | undefined {
  return (
    OTHERS.find(({ marks }) => marks.every((mark) => Object.hasOwn(content, mark))) ??
    OTHERS.find(({ file }) => file === basename(path))
  )
}
