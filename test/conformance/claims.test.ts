import { expect, test } from 'vitest'
import { buildClaims } from '../../harness/cli/claims.ts'
import type { Cell, CellCriterion, FigureOf } from '../../harness/contract/claim.ts'
import { runClaims } from '../../harness/experiment/claims/claims.ts'
import { planClaims } from '../../harness/experiment/claims/plan.ts'
import { summarizeClaim } from '../../harness/experiment/claims/summary.ts'
import { readsOfCriterion } from '../../harness/scenario/criteria.ts'
import { gridOf, readsOf } from '../../harness/stats/round-figure.ts'
import { CPUS } from './bench.ts'

const TIME_LIMIT_MS = 600_000
/** What six rounds reach for two figures at once: six equals on one side by chance are one in 64, and beyond a limit far fewer. */
const LEVEL = 0.9
const ROUNDS = 6

/** What a cell becomes; null where it is left out. */
type Change = (cell: Cell, name: string) => Cell | null

const ifNamed =
  (named: RegExp, changes: Partial<Cell>): Change =>
  (cell, name) =>
    named.test(name) ? { ...cell, ...changes } : cell

/** The opposite of a claim, as other arms or parameters of its cells. Loads are such that nothing has to be searched. */
const OPPOSITES: readonly (readonly [what: string, id: string, load: string, change: Change])[] = [
  [
    'stages that share a thread',
    'C01',
    '2000/s',
    ifNamed(/^classic/, { arm: 'staged:layout=fused' }),
  ],
  [
    'locks that hardly ever contend',
    'C03',
    '2000/s',
    (cell, name) =>
      /^0\.2 µs, 5 %.*(striped|optimistic)$/.test(name)
        ? { ...cell, params: { ...cell.params, theta: 0, keys: 100_000 } }
        : null,
  ],
  ['calls that never block', 'C09', '1000/s', ifNamed(/./, { params: { stallMillis: 0 } })],
  ['pages that were touched', 'C11', '1000/s', ifNamed(/cold$/, { params: { state: 'touched' } })],
  ['no hot key', 'C18', '2000/s', ifNamed(/hot$/, { params: { theta: 0, workMicros: 100 } })],
  ['slices that do nothing', 'C19', '2000/s', ifNamed(/^slices$/, { arm: 'sharded:slices=off' })],
]

/** What decides of it, without its conditions: that something is not testable is no proof of anything. */
function planted(criterion: CellCriterion, load: string, change: Change): CellCriterion {
  const cells = Object.entries(criterion.cells).flatMap(([name, { arm, params = {} }]) => {
    const changed = change({ arm, params, load }, name)
    return changed === null ? [] : [[name, changed] as const]
  })
  const names = cells.map(([name]) => name)
  const isThere = (of: FigureOf) => readsOf(of as never).every(({ cell }) => names.includes(cell))
  const figures = criterion.figures
    .filter(({ confirmed, refuted }) => confirmed ?? refuted)
    .map((figure) =>
      'largest' in figure.of
        ? { ...figure, of: { largest: gridOf(figure.of).filter(isThere) } }
        : figure,
    )
  const read = readsOfCriterion({ ...criterion, onlyIf: [], figures }).map(({ cell }) => cell)
  return {
    ...criterion,
    onlyIf: [],
    figures,
    cells: Object.fromEntries(cells.filter(([name]) => read.includes(name))),
  }
}

test.each(OPPOSITES)(
  'with %s %s is not confirmed',
  async (_, id, load, change) => {
    const flags = { level: '0.95', duration: 0.15, seed: 7, cpus: CPUS.join(','), out: 'reports' }
    const built = await buildClaims([id], flags, ['claims', id])
    const [asked] = built.claims
    const criterion = planted(asked!.criterion as CellCriterion, load, change)
    const claims = [{ ...asked!, criterion }]
    const request = { ...built, claims, level: LEVEL, rounds: ROUNDS, roundsAreAsked: true }
    const { signal } = new AbortController()
    const hooks = { onEvent: () => {}, save: () => {}, signal }
    const [claim] = (await runClaims(planClaims(request, 1), hooks)).claims
    // A machine on which others are busy, and loads are not kept, says the same, less exactly.
    for (const trial of claim!.sets.flatMap(({ trials }) => trials)) trial.failedGates = []
    summarizeClaim(claim!, criterion, LEVEL)
    expect(claim!.complete).toBe(true)
    expect(['refuted', 'undecided']).toContain(claim!.outcome)
  },
  TIME_LIMIT_MS,
)
