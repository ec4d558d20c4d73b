import type { Report } from '../results/schema.ts'

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
