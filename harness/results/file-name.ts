const LONGEST_NAME = 80

/** A file name made of any label, e.g. `staged:layout=fused` → `staged-layout-fused`; never empty, hidden or a path. */
export function fileNameFor(label: string): string {
  const name = label
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^[.-]+|[.-]+$/g, '')
  return name === '' ? 'unnamed' : name
}

/** One file name per label, all different even on file systems that ignore case. */
export function fileNamesFor(labels: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const label of new Set(labels)) {
    const base = fileNameFor(label)
    let name = base
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${base}-${number}`
    taken.add(name.toLowerCase())
    names.set(label, name)
  }
  return names
}
