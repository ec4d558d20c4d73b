import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeNewFiles } from '../../harness/cli/new.ts'

test('when one file cannot be written the earlier ones are taken back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  try {
    mkdirSync(join(folder, 'second'))
    const files = ['first', 'second'].map((name) => [join(folder, name), 'text'] as const)
    expect(() => writeNewFiles(files)).toThrow(/a file of that name is in the way: .*second$/)
    expect(readdirSync(folder)).toEqual(['second'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
