/** What ended a run: `usage` is the user's to mend (exit 2), `run` could not be completed or is void (exit 3). */
export type FailureKind = 'usage' | 'run'

/**
 * An error with a stable code, one line that says what and where, and a cure when the user can do something.
 * The CLI prints the line and the cure, never the stack, and exits by `kind`.
 */
export class CrossoverError extends Error {
  override readonly name = 'CrossoverError'
  readonly kind: FailureKind
  readonly code: string
  readonly cure: string | undefined

  constructor(kind: FailureKind, code: string, message: string, cure?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.code = code
    this.cure = cure
  }
}

/** The user's mistake: `message` says what and where, `cure` what would be right. Exit code 2. */
export function usageError(
  code: string,
  message: string,
  cure: string,
  cause?: unknown,
): CrossoverError {
  return new CrossoverError('usage', code, message, cure, cause)
}

/** The run could not go on or its answers are void. Exit code 3. */
export function runError(
  code: string,
  message: string,
  cure?: string,
  cause?: unknown,
): CrossoverError {
  return new CrossoverError('run', code, message, cure, cause)
}

/** What of an error survives `postMessage`: structured clone drops the class, its code and its fields. */
export interface SentError {
  readonly code: string
  readonly message: string
}

/** Makes any thrown value fit to be sent between threads. */
export function toSentError(thrown: unknown): SentError {
  const message = messageOf(thrown)
  if (thrown instanceof CrossoverError) return { code: thrown.code, message }
  return { code: thrown instanceof Error ? thrown.name : 'unknown', message }
}

/** What any thrown value says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
