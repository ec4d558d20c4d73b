import { expect, test } from 'vitest'
import { GLOSSARY } from '../../harness/words/glossary.ts'
import { runHere } from './program-here.ts'

const explain = (...words: readonly string[]) => runHere(import.meta.dirname, ['explain', ...words])

test('a word is explained, whatever its case, and without quotes', async () => {
  const { stdout, code } = await explain('Saturated', 'throughput')
  expect(stdout).toBe(`saturated throughput\n  ${GLOSSARY['saturated throughput']}.\n`)
  expect(code).toBe(0)
  expect((await explain('holm')).stdout).toMatch(/^Holm\n {2}a rule for several verdicts/)
})

test('without a word all words are listed, and no signs', async () => {
  const { stdout } = await explain()
  for (const word of ['arm', 'pair', 'gate', 'inline ceiling', 'goodput', 'p99'])
    expect(stdout).toMatch(new RegExp(`\\b${word}[,\n]`))
  expect(stdout).not.toContain('–')
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('for an unknown word the nearest is named', async () => {
  const { code, stderr } = await explain('goodputt')
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^error: explain: no word has this name: goodputt\ncure: did you mean goodput\? words: /,
  )
})

test('no explanation ends like a sentence or is long', () => {
  for (const text of Object.values(GLOSSARY)) {
    expect(text).not.toMatch(/\.$/)
    expect(text.length).toBeLessThan(220)
  }
})
