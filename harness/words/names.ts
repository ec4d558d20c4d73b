import type { PairReport } from '../results/compared-pair.ts'
import type { Report } from '../results/schema.ts'
import { formatQuantity, formatWhole, PER_SECOND } from './format.ts'

/** Labels of the two arms, in the order in which every ratio names them. */
export function armLabels({
  arms,
}: Pick<PairReport, 'arms'>): readonly [first: string, second: string] {
  return [arms[0].label, arms[1].label]
}

type Arm = Report['arms'][number]

/** What the two architectures are, for a reader who does not know them. */
const ARCHITECTURE_TEXTS: Readonly<Record<Arm['architecture'], string>> = {
  staged:
    'pools of threads pass each request from stage to stage through queues and share the data under locks',
  sharded:
    'one thread per core owns a part of the data; requests for other parts go there as messages, without locks',
}
const FUSED_TEXT =
  'one pool of threads, each of which hops from stage to stage itself; they share the data under locks'

/** What an arm is: its architecture, and the layout where it makes another server of it. */
export function architectureText({ architecture, options }: Arm): string {
  return architecture === 'staged' && options['layout'] === 'fused'
    ? FUSED_TEXT
    : ARCHITECTURE_TEXTS[architecture]
}

/** Which log's requests were played; null when they were drawn. */
export function traceText({ run }: Pick<Report, 'run'>): string | null {
  const { trace } = run
  if (trace === undefined) return null
  const { file, sha256, requests, keys, perSecond } = trace
  return `${file} (SHA-256 ${sha256}…): ${formatWhole(requests)} requests of ${formatWhole(keys)} keys, ${formatQuantity(perSecond, PER_SECOND)} by themselves`
}
