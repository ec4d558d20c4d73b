import type { Report } from '../results/schema.ts'
import { formatQuantity, PER_SECOND } from './format.ts'

/** Which log's requests were played; null when they were drawn. */
export function traceText({ run }: Pick<Report, 'run'>): string | null {
  const { trace } = run
  if (trace === undefined) return null
  const { file, sha256, requests, keys, perSecond } = trace
  return `${file} (SHA-256 ${sha256}…): ${requests.toLocaleString('en')} requests of ${keys.toLocaleString('en')} keys, ${formatQuantity(perSecond, PER_SECOND)} by themselves`
}
