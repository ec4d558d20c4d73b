import type { ValidationEvent } from '../experiment/validation-request.ts'
import { validationRowText } from '../render/validation-row.ts'
import { ProgressLine } from './progress-line.ts'
import type { ProgressSink } from './progress-line.ts'

/** Tells how a validation goes on. `end` must be called before anything else is printed. */
export interface ValidationProgress {
  onEvent(event: ValidationEvent, doneFraction: number): void
  end(): void
}

/** Every row stays; what is being measured is told on a terminal only, in a line that is rewritten. */
export function createValidationProgress(sink: ProgressSink): ValidationProgress {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, doneFraction) {
      if (event.kind === 'row') line.keep(validationRowText(event.row))
      else line.draw(`${Math.floor(doneFraction * 100)} % done, ${event.part}: ${event.what}`)
    },
    end() {
      line.end()
    },
  }
}
