import type { Criterion } from '../../contract/claim.ts'
import type { ClaimFigure, ClaimResult } from '../../results/claims.ts'
import { estimateText, limitText } from '../../words/claims.ts'

type Concluded = Pick<ClaimResult, 'outcome' | 'reason'>

/** What figures and conditions come to: the claim's outcome, and why it is none of the three that decide. */
export function concluded(
  claim: Pick<ClaimResult, 'figures' | 'conditions' | 'complete' | 'ending'>,
  criterion: Criterion,
): Concluded {
  const refutedBy = 'cells' in criterion ? (criterion.refutedBy ?? 'any') : 'any'
  const { figures, conditions } = claim
  const deciding = figures.filter(({ outcome }) => outcome !== 'beside')
  const judged = [...conditions, ...deciding]
  const blocked = judged.find(({ note }) => note !== '')
  if (blocked !== undefined) return notTestable(`${blocked.name}: ${blocked.note}`)
  const isKnown = deciding.length > 0 && judged.every(({ estimate }) => estimate !== null)
  if (!isKnown) return unknown(claim)
  const unmet = conditions.find(({ isMet }) => isMet !== true)
  if (unmet !== undefined)
    return notTestable(
      `${unmet.name} is ${estimateText(unmet)}, and must surely be ${limitText(unmet.holds, unmet.unit)}`,
    )
  return decided(deciding, refutedBy, claim)
}

function decided(
  figures: readonly ClaimFigure[],
  refutedBy: 'any' | 'all',
  claim: Pick<ClaimResult, 'complete' | 'ending'>,
): Concluded {
  const confirming = figures.filter(({ confirmed }) => confirmed !== null)
  const refuting = figures.filter(({ refuted }) => refuted !== null)
  const isRefuted = ({ outcome }: ClaimFigure) => outcome === 'refuted'
  const isBeyond =
    refutedBy === 'any'
      ? refuting.some(isRefuted)
      : refuting.length > 0 && refuting.every(isRefuted)
  if (isBeyond) return { outcome: 'refuted', reason: '' }
  if (confirming.length > 0 && confirming.every(({ outcome }) => outcome === 'confirmed'))
    return { outcome: 'confirmed', reason: '' }
  const open = figures.filter(({ outcome }) => outcome === 'undecided')
  if (open.length === 0) return { outcome: 'between', reason: '' }
  return { outcome: 'undecided', reason: openText(open, claim) }
}

/** What would decide. */
function openText(open: readonly ClaimFigure[], { ending }: Pick<ClaimResult, 'ending'>): string {
  const single = open.find(({ estimate }) => estimate?.level === null)
  if (single !== undefined) return 'a single round has no interval'
  const rounds = open.map(({ roundsToDecide }) => roundsToDecide)
  const known = rounds.filter((count) => count !== null)
  const what =
    known.length < rounds.length
      ? `${open[rounds.indexOf(null)]!.name} lies too near its limit: more than 1,000 rounds would be needed`
      : `about ${Math.max(...known)} rounds would probably decide`
  return ending === null ? what : `${what}; it ended early: ${ending}`
}

function notTestable(reason: string): Concluded {
  return { outcome: 'not-testable', reason }
}

function unknown({ ending }: Pick<ClaimResult, 'ending'>): Concluded {
  return ending === null
    ? { outcome: 'pending', reason: '' }
    : { outcome: 'undecided', reason: `it ended early: ${ending}` }
}
