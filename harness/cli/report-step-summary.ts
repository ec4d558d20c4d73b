import { appendFileSync } from 'node:fs'
import { failureReason } from '../results/file-failure.ts'

/**
 * Adds Markdown to the summary of a step of GitHub Actions, which names a file for it in `GITHUB_STEP_SUMMARY`; does
 * nothing elsewhere. A file that cannot be written is a warning: the result is kept without it.
 */
export function addToStepSummary(markdown: string): void {
  const path = process.env['GITHUB_STEP_SUMMARY'] ?? ''
  if (path === '') return
  try {
    appendFileSync(path, `${markdown}\n`)
  } catch (error) {
    console.error(
      `warning: cannot add to the summary of the step: ${failureReason(error)}: GITHUB_STEP_SUMMARY=${path}`,
    )
  }
}
