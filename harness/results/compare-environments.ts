import type { Report } from './schema.ts'

type Environment = Report['environment']
type Warning = Report['warnings'][number]

const CURE =
  'measure both on one machine in one state: a ratio between machines says nothing of code'

/** A warning for each thing in which the machines or runtimes of two reports differ. */
export function environmentWarnings(before: Report, after: Report): readonly Warning[] {
  const [then, now] = [factsOf(before), factsOf(after)]
  const changed = [...then].flatMap(([what, value]) => {
    const other = now.get(what)
    return other === undefined || value === other ? [] : [`${what}: ${value} then, ${other} now`]
  })
  return [...changed, ...mitigationChanges(before.environment, after.environment)].map(
    (message) => ({ code: 'other-environment', message, cure: CURE }),
  )
}

/** Name and value of what a measurement depends on. */
function factsOf({ environment, run, rounds }: Report): ReadonlyMap<string, string> {
  const { cpu, cores, kernel, platform, node, v8, governor, cgroupQuota, pinned, smt, nodeFlags } =
    environment
  const { serverFlags, transparentHugePages } = environment
  return new Map([
    ['processor', cpu],
    ['cores', String(cores)],
    ['processors used', run.cpus.toSorted((a, b) => a - b).join(', ')],
    ['platform', platform],
    ['kernel', kernel],
    ['node', node],
    ['V8', v8],
    ['flags of node', nodeFlags.join(' ') || 'none'],
    // Reports before version 4 have no rounds.
    ['servers', rounds.length === 0 ? 'fresh threads for each trial' : 'warm, a round long'],
    ['flags of servers', serverFlags?.join(' ') || 'none'],
    // Not told before version 4: no difference that one could know of.
    ...(transparentHugePages === null
      ? []
      : ([['transparent huge pages', transparentHugePages]] as const)),
    ['frequency governor', governor ?? 'unknown'],
    ['quota of the cgroup', cgroupQuota ?? 'none'],
    ['pinned threads', pinned ? 'yes' : 'no'],
    ['simultaneous multithreading', smt === null ? 'unknown' : smt ? 'on' : 'off'],
  ])
}

function mitigationChanges(before: Environment, after: Environment): readonly string[] {
  const [then, now] = [before.mitigations ?? {}, after.mitigations ?? {}]
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].toSorted()
  return names
    .filter((name) => then[name] !== now[name])
    .map(
      (name) =>
        `mitigation of ${name}: ${then[name] ?? 'unknown'} then, ${now[name] ?? 'unknown'} now`,
    )
}
