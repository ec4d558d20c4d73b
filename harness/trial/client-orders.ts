import type { LoadPlan, LoadResult } from '../load/load-plan.ts'

/** What the client's process is told: where to run, to connect and warm up, and when the steady state begins. */
export type ClientOrder =
  | {
      readonly kind: 'place'
      /** Processors of its main thread. The threads of compilers and collector are not bound to them. */
      readonly cpus: readonly number[]
    }
  | {
      readonly kind: 'play'
      readonly plan: LoadPlan
      /** It shares processors with the servers: without work it leaves them to these. */
      readonly polite: boolean
    }
  | { readonly kind: 'steady-state'; readonly startNs: number }

/** What it tells. */
export type ClientReply =
  | { readonly kind: 'warm'; readonly warmUpNs: number }
  | {
      readonly kind: 'measured'
      readonly result: LoadResult
      /** How far its clock is from the system's. */
      readonly clockErrorNs: number
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
