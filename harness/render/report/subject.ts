import type { PairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import type { Medium, Section } from '../view/view.ts'

/** What the sections of a report are made of. */
export interface Subject {
  readonly report: Report
  /** The same, seen as its first comparison. */
  readonly pair: PairReport
  /** Where it is read: not every medium has room for everything. */
  readonly medium: Medium
}

/** Makes a section of a report, or one for each load; none where there is nothing to say. */
export type SectionsOf = (subject: Subject) => readonly Section[]
