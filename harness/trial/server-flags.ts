/**
 * Of a server's process. One thread collects: helpers of the collector would take the servers' processors, and a scavenge
 * would wait for them. No Maglev: with two optimising compilers everything hot is compiled twice, and the second one goes on
 * for seconds. Feedback from the first call on and optimisation after 100 calls in place of 3,000: what is rarely called,
 * such as the code for a contended lock, would else be compiled in the middle of a trial.
 */
export const SERVER_FLAGS: readonly string[] = [
  '--single-threaded-gc',
  '--no-maglev',
  '--no-lazy-feedback-allocation',
  '--invocation-count-for-turbofan=100',
  // Each thread empties its young generation before each trial: see `HeapWatch`.
  '--expose-gc',
]
/** What node runs with by itself, apart from what a trial cannot do without. */
export const NODES_OWN_FLAGS: readonly string[] = ['--expose-gc']
/** Of V8 in each process, node's default: they compile while the server starts. */
export const HELPER_THREADS = 4
