import type { Request } from '../contract/request.ts'

/**
 * A `combine` that suits requests over many keys: the reply has what each leg says, for the client to check, the worst of
 * their statuses, and version and checksum of the first leg. A request without legs stays the bad one that it is.
 */
export function gatherLegs(request: Request, legs: readonly Request[]): void {
  if (legs.length === 0) return
  let status = 0
  // Statuses are in the order of what they mean for the whole: ok, not found, corrupt, bad request.
  for (let leg = 0; leg < legs.length; leg++) status = Math.max(status, legs[leg]!.status)
  request.replyHeads(legs)
  request.reply(status, legs[0]!.version, legs[0]!.checksum)
}
