import type { Sweep } from '../../results/sweep.ts'
import { formatShare } from '../../words/format.ts'
import { measuredConditions, measuredView } from '../view/measured.ts'
import type { View } from '../view/view.ts'
import { sweepCharts } from './chart.ts'
import {
  loadSentence,
  metricText,
  scalingSentence,
  slopeSentence,
  sweepPredictionText,
  sweepSentence,
} from './sentence.ts'
import { intervalNote, sweepTables } from './table.ts'

/** A sweep, as everything that shows it takes it. */
export function sweepView(sweep: Sweep): View {
  const { scenario, run, over, load } = sweep
  return {
    ...measuredView('sweep', sweep),
    title: `${scenario.name} over ${over.name}`,
    answer: sweepSentence(sweep),
    further: [
      sweepPredictionText(sweep),
      loadSentence(sweep),
      scalingSentence(sweep),
      slopeSentence(sweep),
    ],
    sections: [
      ...sweepCharts(sweep),
      {
        kind: 'tables',
        title: 'Numbers',
        tables: sweepTables(sweep),
        note: intervalNote(sweep),
      },
    ],
    conditions: measuredConditions(sweep, [
      ['load', load.label],
      ['outcomes on', `${metricText(run.metric)}, ${formatShare(run.level)} confidence`],
      ['pairs planned per value', String(run.plannedPairs)],
      ['at capacity', `${run.plannedCapacityPairs} pairs at each value that has some`],
    ]),
  }
}
