/** The file of a new scenario's test, for node's own runner. */
export function testText(name: string): string {
  return `import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'

// Needs node 22.18 or newer, and crossover installed where npx finds it from here.
void test('${name} keeps the rules, and both architectures answer it rightly', () => {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['--no', '--', 'crossover', 'check', './${name}.ts'],
    { cwd: import.meta.dirname, encoding: 'utf8' },
  )
  assert.equal(status, 0, stdout + stderr)
})
`
}
