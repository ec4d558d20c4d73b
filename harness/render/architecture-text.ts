import type { Report } from '../results/schema.ts'

/** What the two architectures are, for a reader who does not know them. */
export const ARCHITECTURE_TEXTS: Readonly<Record<Report['arms'][number]['architecture'], string>> =
  {
    staged:
      'pools of threads pass each request from stage to stage through queues and share the data under locks',
    sharded:
      'one thread per core owns a part of the data; requests for other parts go there as messages, without locks',
  }
