/** The oldest node that runs `.ts` files in worker threads without a flag and has all that the harness calls. */
const MINIMUM = { major: 24, minor: 12 }

/** Ends the process with exit code 2 and one line when this node is too old. Imports nothing: it must link anywhere. */
export function refuseOldNode(version: string): void {
  if (isRecentEnough(version)) return
  console.error(
    `error: crossover needs node ${MINIMUM.major}.${MINIMUM.minor} or newer: node=${version}`,
  )
  console.error(
    'cure: run `npm install` and start it by `npm start` or `npx crossover`, which use the node it brings',
  )
  process.exit(2)
}

/** Whether a version such as `26.10.0` is at least the minimum, crossover's own by default. */
export function isRecentEnough(version: string, minimum = MINIMUM): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > minimum.major || (major === minimum.major && minor >= minimum.minor)
}
