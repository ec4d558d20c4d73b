import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LiveDrawer } from '../../../harness/cli/progress/terminal.ts'
import { TerminalScreen } from './terminal-screen.ts'

function drawn(columns = 40): { screen: TerminalScreen; drawer: LiveDrawer } {
  const screen = new TerminalScreen(columns)
  screen.write('$ crossover run\n')
  return { screen, drawer: new LiveDrawer(screen) }
}

test('lines replace those before them', () => {
  const { screen, drawer } = drawn()
  drawer.draw(['one', 'two', 'three'])
  drawer.draw(['one', '2'])
  expect(screen.lines).toEqual(['$ crossover run', 'one', '2'])
  drawer.draw(['one', '2', '3', '4'])
  expect(screen.lines).toEqual(['$ crossover run', 'one', '2', '3', '4'])
})

test('what is kept stands above the lines', () => {
  const { screen, drawer } = drawn()
  drawer.draw(['one', 'two'])
  drawer.keep('sharded is faster')
  expect(screen.lines).toEqual(['$ crossover run', 'sharded is faster', 'one', 'two'])
})

test('the end clears the lines, and what is printed then stands where they were', () => {
  const { screen, drawer } = drawn()
  drawer.draw(['one', 'two'])
  drawer.end()
  screen.write('stopping\n')
  expect(screen.lines).toEqual(['$ crossover run', 'stopping'])
  drawer.draw(['late'])
  drawer.end()
  drawer.end()
  expect(screen.lines).toEqual(['$ crossover run', 'stopping'])
})

test('without lines nothing is written', () => {
  const { screen, drawer } = drawn()
  drawer.end()
  expect(screen.written).toBe('$ crossover run\n')
})

test('a terminal that is made narrower keeps nothing of the lines that it broke', () => {
  const long = ['x'.repeat(39), 'y'.repeat(30), 'z']
  for (const after of ['draw', 'end', 'keep'] as const) {
    const { screen, drawer } = drawn()
    drawer.draw(long)
    screen.resize(17)
    expect(screen.lines).toHaveLength(1 + 3 + 2 + 1)
    if (after === 'draw') drawer.draw(['new'])
    else if (after === 'end') drawer.end()
    else drawer.keep('kept')
    const last = { draw: ['new'], end: [], keep: ['kept'] }[after]
    expect(screen.lines).toEqual(['$ crossover run', ...last])
  }
})

type Step =
  | { readonly kind: 'draw'; readonly lines: readonly string[] }
  | { readonly kind: 'keep'; readonly text: string }
  | { readonly kind: 'resize'; readonly columns: number }
  | { readonly kind: 'end' }

const lines = fc.array(fc.stringMatching(/^[a-z]{1,50}$/), { minLength: 1, maxLength: 8 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('draw' as const), lines }),
  fc.record({ kind: fc.constant('keep' as const), text: fc.stringMatching(/^[A-Z]{1,20}$/) }),
  fc.record({ kind: fc.constant('resize' as const), columns: fc.integer({ min: 20, max: 60 }) }),
  fc.record({ kind: fc.constant('end' as const) }),
)

/** Does a step; what the screen must then hold, or null where it is the user's who broke the lines. */
function take(
  each: Step,
  screen: TerminalScreen,
  drawer: LiveDrawer,
  kept: string[],
): readonly string[] | null {
  switch (each.kind) {
    case 'resize':
      screen.resize(each.columns)
      return null
    case 'end':
      drawer.end()
      return kept
    case 'keep': {
      kept.push(each.text)
      drawer.keep(each.text)
      return kept
    }
    case 'draw': {
      const fitting = each.lines.map((line) => line.slice(0, screen.columns - 1))
      drawer.draw(fitting)
      return [...kept, ...fitting]
    }
  }
}

test('the screen holds what was kept and the last lines, whatever happened before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const screen = new TerminalScreen(60)
      const drawer = new LiveDrawer(screen)
      const kept: string[] = []
      for (const each of steps) {
        const wanted = take(each, screen, drawer, kept)
        expect(screen.lines.slice(0, wanted?.length ?? 0)).toEqual(wanted ?? [])
      }
      drawer.end()
      expect(screen.lines).toEqual(kept)
    }),
  )
})
