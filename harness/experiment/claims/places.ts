import type { Values } from '../../asked/parameters.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { PlayedCell } from '../../results/claims.ts'
import type { PlannedCell } from '../../scenario/criteria.ts'

/** Where servers are alike but for their arm: of these one is deployed of each arm, and played in all of its sets. */
interface Site {
  readonly params: Values
  readonly cores: number
  readonly virtualCores: number | null
  /** Labels differ. */
  readonly arms: readonly Arm[]
  /** What their loads refer to is searched here first, of these arms. */
  readonly searched: readonly Arm[]
}

/** Cells that are played on one trace: of one site, offered the same. */
export interface CellPlace {
  /** Among all of the claim, from 0. */
  readonly number: number
  /** Number of its site. */
  readonly at: number
  /** Each with the arm that plays it. */
  readonly cells: readonly { readonly name: string; readonly arm: Arm }[]
  /** Two of one label play the same arrivals. */
  readonly load: string
}

/** A cell, its server, and what it is offered. */
interface Sited {
  readonly cell: PlannedCell
  readonly at: number
  readonly arm: Arm
  /** Tells loads apart; an own share is that of one server. */
  readonly load: string
}

/** All cells of a claim, by where and with whom they are played. */
export interface CellPlan {
  readonly sites: readonly Site[]
  readonly places: readonly CellPlace[]
}

/** Which cells share servers and traces. @param processors that servers may use */
export function placesOf(cells: readonly PlannedCell[], processors: number): CellPlan {
  const keys = [...new Set(cells.map((cell) => siteKey(cell, processors)))]
  const sited: Sited[] = []
  for (const cell of cells) {
    const at = keys.indexOf(siteKey(cell, processors))
    sited.push({ cell, at, ...serverOf(cell, at, sited) })
  }
  const sites = keys.map((_, at): Site => {
    const here = sited.filter((one) => one.at === at)
    const { params, virtualCores } = here[0]!.cell
    const arms = distinct(here.map(({ arm }) => arm))
    const searched = arms.filter(({ label }) =>
      here.some(({ cell, arm }) => arm.label === label && isReference(cell, cells)),
    )
    return { params, cores: coresOf(here[0]!.cell, processors), virtualCores, arms, searched }
  })
  const byPlace = Map.groupBy(sited, ({ at, load }) => `${at} ${load}`)
  const places = [...byPlace.values()].map((ofPlace, number): CellPlace => ({
    number,
    at: ofPlace[0]!.at,
    cells: ofPlace.map(({ cell, arm }) => ({ name: cell.name, arm })),
    load: ofPlace[0]!.cell.load.label,
  }))
  return { sites, places }
}

/** Cells as a result has them, before anything is known of them. */
export function playedCells(cells: readonly PlannedCell[], processors: number): PlayedCell[] {
  return cells.map((cell) => {
    const { name, arm, params, load, loadOf, virtualCores } = cell
    return {
      name,
      arm: { ...arm, options: { ...arm.options } },
      params: { ...params },
      load: load.label,
      loadOf,
      cores: virtualCores ?? coresOf(cell, processors),
      virtualCores,
      offeredPerSecond: load.kind === 'absolute' ? load.perSecond : null,
      sustainedPerSecond: null,
    }
  })
}

function coresOf({ cores }: Pick<PlannedCell, 'cores'>, processors: number): number {
  return cores === 'all' ? processors : cores
}

function siteKey(cell: PlannedCell, processors: number): string {
  return JSON.stringify([cell.params, coresOf(cell, processors), cell.virtualCores])
}

/** One server plays an arm at several loads; a second cell that is the same in everything gets a server of its own. */
function serverOf(
  { arm, load, loadOf }: PlannedCell,
  at: number,
  before: readonly Sited[],
): Pick<Sited, 'arm' | 'load'> {
  const isOwn = load.kind === 'percent' && loadOf === 'own'
  const reference = load.kind === 'percent' ? ` of ${loadOf}` : ''
  const key = `${load.label}${reference}${isOwn ? ` ${arm.label}` : ''}`
  const same = before.filter(
    (one) => one.at === at && one.load === key && one.arm.label.replace(/#\d+$/, '') === arm.label,
  ).length
  return { load: key, arm: same === 0 ? arm : { ...arm, label: `${arm.label}#${same + 1}` } }
}

/** Whether what its server sustains decides a load. */
function isReference({ name, load, loadOf }: PlannedCell, all: readonly PlannedCell[]): boolean {
  const isNamed = all.some((cell) => cell.load.kind === 'percent' && cell.loadOf === name)
  const isByItself = load.kind === 'percent' && (loadOf === 'own' || loadOf === 'smallest')
  return isNamed || isByItself
}

function distinct(arms: readonly Arm[]): Arm[] {
  return arms.filter(
    ({ label }, index) => arms.findIndex((other) => other.label === label) === index,
  )
}

/**
 * Puts what cells are offered into a result, of those of which that is known. `smallest` waits until all servers that decide it
 * were searched.
 */
export function chooseLoads(cells: readonly PlannedCell[], played: readonly PlayedCell[]): void {
  const sustainedOf = (name: string) =>
    played.find((cell) => cell.name === name)!.sustainedPerSecond
  const sharing = cells.filter(
    ({ load, loadOf }) => load.kind === 'percent' && loadOf === 'smallest',
  )
  const all = sharing.map(({ name }) => sustainedOf(name))
  const smallest = all.includes(null) ? null : Math.min(...all.map((perSecond) => perSecond!))
  for (const { name, load, loadOf } of cells) {
    if (load.kind !== 'percent') continue
    const reference =
      loadOf === 'smallest' ? smallest : sustainedOf(loadOf === 'own' ? name : loadOf)
    const cell = played.find((one) => one.name === name)!
    cell.offeredPerSecond = reference === null ? null : (reference * load.percent) / 100
  }
}
