import { Command } from 'commander'
import { expect, test } from 'vitest'
import { commandOf, measuringCommands } from '../../harness/cli/measuring.ts'
import { ablationView } from '../../harness/render/ablate/view.ts'
import { calibrationView } from '../../harness/render/calibrate.ts'
import { crossingView } from '../../harness/render/find/view.ts'
import { sweepView } from '../../harness/render/sweep/view.ts'
import { validationView } from '../../harness/render/validate.ts'
import { KIND_NAMES, KINDS } from '../../harness/results/kinds.ts'

test.each(KIND_NAMES)('the command of %s is found by its name, and is called so', async (kind) => {
  const program = new Command()
  const { add, view } = await commandOf(kind)
  add(program, [])
  expect(program.commands.map((command) => command.name())).toEqual([KINDS[kind].command])
  // Those two have a row of another make in an index.
  expect(view === null).toBe(kind === 'run' || kind === 'catalogue')
})

test('a command that measures two kinds is there once', async () => {
  const commands = await measuringCommands()
  expect(commands).toHaveLength(new Set(KIND_NAMES.map((kind) => KINDS[kind].command)).size)
})

test.each([
  ['sweep', sweepView],
  ['search', crossingView],
  ['ablation', ablationView],
  ['calibration', calibrationView],
  ['validation', validationView],
] as const)('what is told of a %s is its own', async (kind, view) => {
  expect((await commandOf(kind)).view).toBe(view)
})
