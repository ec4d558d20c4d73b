let suspensions = 0
let isWatching = false

/**
 * How often this process was stopped and went on, from the first call on: SIGCONT is sent only to go on. Latencies that span one are
 * the suspension's.
 */
export function suspensionCount(): number {
  if (!isWatching) process.on('SIGCONT', () => suspensions++)
  isWatching = true
  return suspensions
}
