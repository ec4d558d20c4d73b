import type { Report } from '../results/schema.ts'

/** What a reader must know before believing numbers of virtual cores; null when they were processors. */
export function virtualCoresNotice({ run }: Report): string | null {
  const { virtualCores, cpus } = run
  if (virtualCores === null) return null
  const processors = `${cpus.length} ${cpus.length === 1 ? 'processor' : 'processors'}`
  return `${virtualCores} virtual cores on ${processors}: services are waits; costs of handoffs are not those of ${virtualCores} cores.`
}
