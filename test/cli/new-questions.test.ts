import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { askQuestions } from '../../harness/cli/new-questions.ts'

const ENTER = '\r'
const DOWN = '\u001B[B'
const CTRL_C = '\u0003'

/** Presses one key after the other, each once the terminal has nothing more to say to the one before. */
async function answered(
  keys: readonly string[],
  given: Record<string, string> = {},
): Promise<{ answers: unknown; shown: string }> {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
  const output = Object.assign(new PassThrough(), { columns: 100, rows: 40 })
  let shown = ''
  output.on('data', (text: Buffer) => {
    shown += text.toString()
  })
  const asked = askQuestions(given, { input, output }).catch((error: unknown) => error)
  for (const key of keys) {
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    input.write(key)
  }
  return { answers: await asked, shown }
}

test('Enter takes the default of each question; what does not matter is not asked', async () => {
  const { answers, shown } = await answered(Array.from({ length: 8 }, () => ENTER))
  expect(answers).toEqual({
    stores: 'records',
    keys: '100000',
    'value-bytes': '100',
    updates: '50',
    skew: 'zipf',
    'work-micros': '5',
    waits: 'no',
    expect: 'sharded',
  })
  expect(shown).not.toContain('How many µs does it wait?')
})

test('answers are chosen and typed', async () => {
  const keys = [DOWN, ENTER, '7', ENTER, DOWN, DOWN, ENTER, '50', ENTER, ENTER]
  const { answers } = await answered(keys)
  expect(answers).toEqual({
    stores: 'nothing',
    'work-micros': '7',
    waits: 'blocking',
    'wait-micros': '50',
    expect: 'sharded',
  })
})

test('what a flag says is not asked', async () => {
  const { answers, shown } = await answered([ENTER, ENTER, ENTER], { stores: 'nothing' })
  expect(answers).toMatchObject({ stores: 'nothing', expect: 'sharded' })
  expect(shown).not.toContain('What does the server store?')
})

test('a wrong number is asked for again, with what it may be', async () => {
  const keys = ['1000', ENTER, '\u007F', '\u007F', ENTER, ENTER, ENTER]
  const { answers, shown } = await answered(keys, { stores: 'nothing' })
  expect(shown).toContain('a number from 0 to 100 µs (default 5)')
  expect(answers).toMatchObject({ 'work-micros': '10' })
})

test('who breaks off gets an error that says that nothing was written', async () => {
  const { answers } = await answered([ENTER, CTRL_C])
  expect(answers).toMatchObject({
    kind: 'run',
    code: 'interrupted',
    message: 'broken off: nothing was written',
  })
})
