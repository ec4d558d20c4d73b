import type { PairReport } from '../results/compared-pair.ts'

/** Labels of the two arms, in the order in which every ratio names them. */
export function armLabels({
  arms,
}: Pick<PairReport, 'arms'>): readonly [first: string, second: string] {
  return [arms[0].label, arms[1].label]
}
