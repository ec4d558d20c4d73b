import { rmSync, writeFileSync } from 'node:fs'
import { usageError } from '../base/errors.ts'
import { failureReason } from '../results/file-failure.ts'

/**
 * Writes files that must not exist yet, all or none, into folders that do: a mistyped folder is not made.
 * @throws CrossoverError of kind `usage` when one exists or cannot be written.
 */
export function writeNewFiles(files: readonly (readonly [path: string, content: string])[]): void {
  const written: string[] = []
  for (const [path, content] of files) {
    try {
      // Fails where a file is, whoever put it there meanwhile.
      writeFileSync(path, content, { flag: 'wx' })
      written.push(path)
    } catch (error) {
      for (const earlier of written) rmSync(earlier, { force: true })
      throw usageError(
        'new-file',
        `cannot write the file: ${failureReason(error)}: ${path}`,
        'choose a folder that is there and that you may write to: --out <folder>',
        error,
      )
    }
  }
}
