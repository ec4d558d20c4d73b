const INTERRUPTED_EXIT_CODE = 3

/**
 * A signal that the first Ctrl-C (or SIGTERM) aborts, so that the run can end its threads and keep what it measured.
 * The second one ends the process at once. `stop` gives both back to node.
 */
export function watchInterruption(tell: (text: string) => void): {
  signal: AbortSignal
  stop(): void
} {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE)
    tell('stopping; what was measured is kept. Again to stop at once')
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    stop() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
