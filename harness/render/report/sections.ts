import { pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { environmentSection } from '../view/environment.ts'
import type { Medium, Section } from '../view/view.ts'
import { alsoSections } from './also-compared.ts'
import { noticeSections, predictionSections, verdictSections } from './answer.ts'
import { capacitySections } from './capacity-rows.ts'
import { counterSections } from './counter-rows.ts'
import { gateSections } from './gates.ts'
import { loadLatencySections } from './load-latency.ts'
import { makeUpSections } from './make-up.ts'
import { objectiveSections } from './objective-rows.ts'
import { latencySections } from './percentiles.ts'
import { dataSections, glossarySections, repeatSections, requestSections } from './provenance.ts'
import { pairSections, roundSections } from './round-rows.ts'
import { stageSections } from './stage-rows.ts'
import type { SectionsOf } from './subject.ts'
import { timeLineSections } from './time-line-chart.ts'

/** In the order in which a reader asks, and where each is shown. */
const SECTIONS: readonly (readonly [SectionsOf, ...Medium[]])[] = [
  [noticeSections, 'terminal'],
  [objectiveSections, 'terminal', 'markdown', 'page'],
  [verdictSections, 'terminal', 'markdown', 'page'],
  [predictionSections, 'terminal', 'markdown'],
  [latencySections, 'terminal', 'markdown', 'page'],
  [loadLatencySections, 'page'],
  [alsoSections, 'terminal', 'markdown', 'page'],
  [makeUpSections, 'terminal', 'page'],
  [stageSections, 'markdown', 'page'],
  [timeLineSections, 'page'],
  [capacitySections, 'terminal', 'markdown', 'page'],
  [roundSections, 'terminal', 'markdown', 'page'],
  [requestSections, 'terminal'],
  [counterSections, 'page'],
  [pairSections, 'page'],
  [gateSections, 'terminal', 'markdown', 'page'],
  [({ report }) => [environmentSection(report)], 'page'],
  [repeatSections, 'markdown', 'page'],
  [dataSections, 'page'],
  [glossarySections, 'page'],
]

/** What a medium shows of a report. Decodes histograms where there are curves: milliseconds a load. */
export function reportSections(report: Report, medium: Medium): readonly Section[] {
  const subject = { report, pair: pairReport(report), medium }
  return SECTIONS.filter(([, ...media]) => media.includes(medium)).flatMap(([sections]) =>
    sections(subject),
  )
}
