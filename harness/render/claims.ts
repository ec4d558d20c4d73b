import {
  type ClaimFigure,
  type ClaimOutcome,
  type ClaimResult,
  CLAIM_OUTCOMES,
  type Claims,
} from '../results/claims.ts'
import { medianInterval } from '../stats/intervals.ts'
import { estimateText, limitText, OUTCOME_WORDS } from '../words/claims.ts'
import {
  counted,
  formatQuantity,
  formatShare,
  formatTime,
  NOT_AVAILABLE,
  PER_SECOND,
  TIME,
} from '../words/format.ts'
import { claimPicture } from './claim-picture.ts'
import { partialText, valuesText } from './view/measured.ts'
import type { RecordRow } from './view/records.ts'
import { type Block, type ListItem, type View, type ViewTable } from './view/view.ts'

/** A terminal of fewer characters gets the figure without its interval, which the sentences have. */
const WIDE = 96

/** Claims, as everything that shows them takes them: which outcome each has, a sentence to quote, and a picture. */
export function claimsView(claims: Claims): View {
  const { run, environment, warnings } = claims
  return {
    title: 'Claims under test',
    eyebrow: `crossover · claims · ${run.startedAt}`,
    answer: countsSentence(claims),
    short: countsSentence(claims),
    partial: partialText('measurement', claims),
    marked: markedText(claims),
    question: null,
    further: [
      `In brackets intervals of at least ${formatShare(run.level)} over rounds; a claim is decided where the whole interval lies beyond its limit.`,
    ],
    sections: [
      { kind: 'tables', title: 'Claims', tables: [claimTable(claims)], note: null },
      { kind: 'list', title: 'To quote', items: claims.claims.map(claimItem) },
      { title: 'Claim by claim', blocks: claims.claims.map(claimBlock) },
    ],
    warnings: [...warnings, ...claims.claims.flatMap(namedWarnings)],
    command: run.command,
    conditions: [
      ['seed', String(run.seed)],
      ['confidence', formatShare(run.level)],
      ['steady state of a trial', `${run.durationSeconds} s`],
      ['processors', run.cpus.join(', ')],
      ['took', `${run.elapsedSeconds.toFixed(1)} s`],
    ],
    environment,
  }
}

/** `Of 3 claims 1 is confirmed, 1 undecided, 1 not testable here.` */
export function countsSentence({ claims }: Pick<Claims, 'claims'>): string {
  const counts = CLAIM_OUTCOMES.flatMap((outcome) => {
    const count = claims.filter((claim) => claim.outcome === outcome).length
    return count === 0 ? [] : [`${count} ${OUTCOME_WORDS[outcome]}`]
  })
  return `${counted(claims.length, 'claim')}: ${counts.join(', ')}.`
}

function markedText({ claims }: Claims): string | null {
  const count = claims.reduce((sum, claim) => sum + claim.markedTrials.count, 0)
  const of = claims.reduce((sum, claim) => sum + claim.markedTrials.of, 0)
  return count === 0 ? null : `${count} of ${of} trials failed a check: they are marked and count.`
}

function claimTable({ claims }: Claims): ViewTable {
  return {
    caption: 'Outcomes',
    corner: 'claim',
    columns: [
      { heading: 'figure', width: 26, narrowWidth: 12, isBriefWhereNarrow: true },
      { heading: 'outcome', width: 20, narrowWidth: 19, align: 'left' },
    ],
    rows: claims.map((claim) => [
      `${claim.id}: ${claim.claim}`,
      claim.figures.length === 0 ? NOT_AVAILABLE : estimateText(quotedFigure(claim)),
      OUTCOME_WORDS[claim.outcome],
    ]),
    narrowBelow: WIDE,
  }
}

/** That decided, else the first. */
function quotedFigure({ figures, outcome }: ClaimResult): ClaimFigure {
  return figures.find((figure) => figure.outcome === outcome) ?? figures[0]!
}

/** A sentence that an engineer would quote. */
export function claimSentence(claim: ClaimResult): string {
  const { outcome, reason, figures } = claim
  const said = `“${claim.claim.replace(/\.$/, '')}”`
  if (outcome === 'not-testable') return `${said} cannot be tested here: ${reason}.`
  if (outcome === 'pending') return `${said} was not measured.`
  if (figures.length === 0) return `${said} is undecided here: ${reason}.`
  const figure = quotedFigure(claim)
  const found = `${figure.name} is ${estimateText(figure)}`
  return `${said} is ${SAID[outcome]} here: ${found}${consequence(figure, outcome, reason)}.`
}

const SAID = {
  confirmed: 'confirmed',
  refuted: 'refuted',
  between: 'neither confirmed nor refuted',
  undecided: 'undecided',
} as const

/** What the limits make of it. */
function consequence(
  { confirmed, refuted, unit }: ClaimFigure,
  outcome: ClaimOutcome,
  reason: string,
): string {
  if (outcome === 'undecided') return `; ${reason}`
  const text = (limit: typeof confirmed) => (limit === null ? '' : limitText(limit, unit))
  if (outcome === 'confirmed') return `, and ${text(confirmed)} confirms`
  if (outcome === 'refuted') return `, and ${text(refuted)} refutes`
  const limits = [
    ...(confirmed === null ? [] : [`${text(confirmed)} would confirm`]),
    ...(refuted === null ? [] : [`${text(refuted)} would refute`]),
  ]
  return `; ${limits.join(' and ')}`
}

function claimItem(claim: ClaimResult): ListItem {
  const quoted = claim.figures.length === 0 ? null : quotedFigure(claim)
  const others = claim.figures.filter(
    (figure) => figure !== quoted && (figure.estimate !== null || figure.note !== ''),
  )
  return {
    label: claim.id,
    text: claimSentence(claim),
    besides: [
      ...others.map((figure) => `${figure.name}: ${estimateText(figure)}${noteText(figure)}`),
      ...claim.conditions.map(
        (condition) =>
          `on condition that ${condition.name} is ${limitText(condition.holds, condition.unit)}: ${estimateText(condition)}`,
      ),
      ...(claim.usefulWithinNs === null
        ? []
        : [`an answer is useful within ${formatTime(claim.usefulWithinNs)}`]),
      ...(claim.source === null ? [] : [`source: ${claim.source}`]),
    ],
  }
}

function noteText({ note, outcome }: ClaimFigure): string {
  const said = outcome === 'beside' ? '' : `, ${outcome}`
  return note === '' ? said : `${said} (${note})`
}

/** Behind its outcome its picture with the figures of cells below it; a page has them. Null where nothing was measured. */
function claimBlock(claim: ClaimResult, index: number): Block | null {
  const { id, outcome } = claim
  const blocks = [claimPicture(claim, `claim-picture-${index}`), cellBlock(claim)].filter(
    (block) => block !== null,
  )
  if (blocks.length === 0) return null
  const summary = `${id}: ${claim.claim.replace(/\.$/, '')}: ${OUTCOME_WORDS[outcome]}`
  return { kind: 'folded', summary, blocks }
}

function cellBlock(claim: ClaimResult): Block | null {
  if (claim.sets.length === 0) return null
  return {
    kind: 'records',
    caption: `Cells, medians over rounds; scenario ${claim.scenario}`,
    columns: ['cell', 'arm and parameters', 'load', 'p50', 'p99', 'throughput'],
    rows: claim.cells.map((cell): RecordRow => {
      const { name, arm, params, load, offeredPerSecond } = cell
      const offered =
        offeredPerSecond === null ? '' : ` = ${formatQuantity(offeredPerSecond, PER_SECOND)}`
      return {
        scenarios: [],
        cells: [
          name,
          `${arm.label}; ${valuesText(params)}`,
          `${load}${load === 'max' || offered.endsWith(load) ? '' : offered}`,
          medianText(claim, name, 'p50'),
          medianText(claim, name, 'p99'),
          medianText(claim, name, 'throughput'),
        ].map((text) => ({ text })),
      }
    }),
  }
}

/** Over the trials of a cell; where one was never answered, that is later than all others. */
function medianText(
  { sets, cells }: ClaimResult,
  cell: string,
  key: 'p50' | 'p99' | 'throughput',
): string {
  const trials = sets.flatMap((set) => set.trials.filter((trial) => trial.cell === cell))
  const figures = trials.map(({ figures: of }) => of[key] ?? null)
  const isLatencyOfWindow =
    key !== 'throughput' && cells.find(({ name }) => name === cell)!.load === 'max'
  if (figures.length === 0 || figures.includes(null) || isLatencyOfWindow) return NOT_AVAILABLE
  const values = figures.map((figure) => (typeof figure === 'number' ? figure : Infinity))
  const { value } = medianInterval(values, 0)
  if (!Number.isFinite(value)) return 'never answered'
  return formatQuantity(value, key === 'throughput' ? PER_SECOND : TIME)
}

function namedWarnings({ id, warnings }: ClaimResult): Claims['warnings'] {
  return warnings.map((warning) => ({ ...warning, message: `${id}: ${warning.message}` }))
}
