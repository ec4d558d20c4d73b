import { basename } from 'node:path'

/** A file of crossover that is no report. */
export interface OtherMeasurement {
  /** With its article: `an ablation`. */
  readonly what: string
  /** What can be done with it. */
  readonly cure: string
}

interface Kind extends OtherMeasurement {
  readonly file: string
  /** Properties that it has and no other kind. */
  readonly marks: readonly string[]
}

const KINDS: readonly Kind[] = [
  {
    file: 'ablation.json',
    marks: ['mechanisms', 'productOfEstimates'],
    what: 'an ablation, made by crossover ablate',
    cure: 'open ablation.html beside it; crossover report is for the folders of crossover run',
  },
  {
    file: 'sweep.json',
    marks: ['over', 'slopes'],
    what: 'a sweep, made by crossover sweep',
    cure: 'open sweep.html beside it; crossover report is for the folders of crossover run',
  },
  {
    file: 'crossing.json',
    marks: ['over', 'crossing'],
    what: 'a search for a crossing, made by crossover find',
    cure: 'open crossing.html beside it; crossover report is for the folders of crossover run',
  },
  {
    file: 'calibration.json',
    marks: ['rows', 'claims'],
    what: 'a calibration, made by crossover calibrate',
    cure: 'crossover calibrate prints its table; crossover report is for the folders of crossover run',
  },
  {
    file: 'validation.json',
    marks: ['validationVersion'],
    what: 'a validation, made by crossover validate',
    cure: 'crossover validate prints its table; crossover report is for the folders of crossover run',
  },
  {
    file: 'machine.json',
    marks: ['machineVersion'],
    what: 'the A/A band of a machine, made by crossover validate',
    cure: 'leave it where it is: crossover run reads it; crossover report is for the folders of crossover run',
  },
  {
    file: 'catalogue.json',
    marks: ['scenarios'],
    what: 'the index of a catalogue, made by crossover run --all',
    cure: 'open index.html beside it, or name the folder of one of its scenarios',
  },
]

/** Names of all such files: what a folder without a report may hold. */
export const OTHER_FILES: readonly string[] = KINDS.map(({ file }) => file)

/** What a file is that is no report, by its properties, else by its name; undefined when it is nothing of crossover. */
export function otherMeasurement(path: string, content: object): OtherMeasurement | undefined {
  return (
    KINDS.find(({ marks }) => marks.every((mark) => Object.hasOwn(content, mark))) ??
    KINDS.find(({ file }) => file === basename(path))
  )
}
