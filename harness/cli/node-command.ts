import { spawnSync } from 'node:child_process'
import { delimiter, relative } from 'node:path'
import { isRecentEnough } from './node-version.ts'

/** The oldest node whose own test runner takes `.ts` files without a flag. */
const TEST_RUNNER = { major: 22, minor: 18 }

/**
 * How a user in the folder `here` starts a node that runs tests in TypeScript: `node` where the machine's own is recent enough,
 * else the path of the one that runs crossover. Starts a process.
 */
export function nodeCommand(here: string): string {
  const { status, stdout } = spawnSync('node', ['--version'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: ownPath(process.env['PATH'] ?? '') },
  })
  const version = stdout?.trim().replace(/^v/, '') ?? ''
  if (status === 0 && isRecentEnough(version, TEST_RUNNER)) return 'node'
  const way = relative(here, process.execPath)
  const typed = way.startsWith('.') ? way : `./${way}`
  return typed.length < process.execPath.length ? typed : process.execPath
}

/** The path without what npm and npx put in front of it for the commands that they start. */
function ownPath(path: string): string {
  return path
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter)
}
