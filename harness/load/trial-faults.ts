/** What went wrong in one trial, over all ports: the first of each kind is told, the others are counted. */
export class TrialFaults {
  /** The first wrong reply, as a sentence. */
  wrong: string | null = null
  /** Requests sent whose answers never came. */
  lost = 0
  connectionErrors = 0
  firstConnectionError: string | null = null

  /** A reply was wrong. @param what half a sentence. */
  wrongReply(port: number, key: number, what: string): void {
    this.wrong ??= `port=${port} key=${key}: ${what}`
  }

  /** A connection broke or was closed under a request. */
  connectionError(message: string): void {
    this.connectionErrors++
    this.firstConnectionError ??= message
  }
}
