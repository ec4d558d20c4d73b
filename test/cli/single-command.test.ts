import { expect, test } from 'vitest'
import { singleCommand } from '../../harness/cli/command-line.ts'

test.each([
  [
    ['run', '--all'],
    ['run', 'a'],
  ],
  [
    ['run', '--all', '--profile', 'short'],
    ['run', 'a', '--profile', 'short'],
  ],
  [
    ['run', 'a', 'b', '--seed', '7', '--json'],
    ['run', 'a', '--seed', '7', '--json'],
  ],
  [
    ['run', '--json', 'b', '--no-reference', 'a'],
    ['run', 'a', '--json', '--no-reference'],
  ],
  // A flag behind one whose value may be left out is no value.
  [
    ['run', '--staged-inline', '--all'],
    ['run', 'a', '--staged-inline'],
  ],
  // A value that is spelled like a scenario is none.
  [
    ['run', 'a', 'b', '--out', 'b', '--loads=50%', 'a'],
    ['run', 'a', '--out', 'b', '--loads=50%'],
  ],
])('of %j scenario a alone is %j', (args, expected) => {
  expect(singleCommand(args, ['a', 'b'], 'a')).toEqual(expected)
})
