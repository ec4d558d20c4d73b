import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import { soundTrials } from './sound-trials.ts'

/** A load's verdict in one sentence, also when the run reached none. */
export function verdictSentence(load: PairLoad): string {
  if (load.verdict !== null) return load.verdict.sentence
  if (load.label === 'max') {
    return 'No verdict: at this load latency only says how many requests were in flight.'
  }
  return load.pairs.length === 0
    ? 'No verdict: not measured.'
    : `No verdict: ${load.pairs.length === 1 ? 'one pair is' : `${load.pairs.length} pairs are`} too few.`
}

/** The load that stands for the run: the middle one of those with a sound pair; undefined when there is none. */
export function middleLoad(report: PairReport): PairLoad | undefined {
  const measured = report.loads.filter((load) => soundTrials(report, load).first.length > 0)
  return measured[measured.length >> 1]
}

/** The whole report in one sentence: what was found about the objective, else the verdict at the middle load. */
export function headline(report: PairReport): string {
  if (report.objective !== null) return report.objective.sentence
  const load = middleLoad(report)
  return load === undefined ? 'Nothing was measured.' : verdictSentence(load)
}
