import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Criterion } from '../../harness/contract/claim.ts'
import { type ClaimResult, type Claims, claimsSchema } from '../../harness/results/claims.ts'
import { listScenarios, loadScenario } from '../../harness/scenario/load.ts'
import { estimateText, limitText, OUTCOME_WORDS } from '../../harness/words/claims.ts'

/** What was measured last and is kept in the repository; nothing before the first time. */
const COMMITTED = new URL('../../reports/example/claims/claims.json', import.meta.url)

const HEAD = `# Claims under test

Written by \`npx vitest run --root . --config test/vitest.config.ts test/scenario/claims-document.test.ts -u\` from the criteria in
the scenarios' files and the committed run of \`crossover claims\`; do not edit it.

The claims are of an interview with a ScyllaDB engineer on modern hardware and old operating-system interfaces, as far as none names a
source of its own. Their figures and limits were set before anything was measured. A claim is confirmed or refuted where the whole
interval (95 %) lies beyond the limit, _between_ where it surely lies in neither, and otherwise undecided. The first figure decides;
so do others that have limits, and those without stand beside. What the words of a criterion mean: [README.md](README.md).
`

interface Placed {
  readonly scenario: string
  readonly criterion: Criterion
}

function documentOf(placed: readonly Placed[], measured: Claims | null): string {
  const sections = placed
    .toSorted((a, b) => (a.criterion.id < b.criterion.id ? -1 : 1))
    .map((one) =>
      sectionOf(
        one,
        measured?.claims.find(({ id }) => id === one.criterion.id),
      ),
    )
  return [HEAD, ...sections].join('\n')
}

function sectionOf({ scenario, criterion }: Placed, measured: ClaimResult | undefined): string {
  const { id, claim, source } = criterion
  const lines = [
    ...(source === undefined ? [] : [`Source: ${source}.`]),
    ...criterionLines(criterion),
    `Scenario: [${scenario}](${scenario}.ts), \`crossover claims ${id}\`.`,
    `Outcome: ${outcomeText(criterion, measured)}.`,
  ]
  return `## ${id}: ${claim.replace(/\.$/, '')}\n\n${lines.map((line) => `- ${line}\n`).join('')}`
}

function criterionLines(criterion: Criterion): readonly string[] {
  if ('untestable' in criterion) return []
  const figures = criterion.figures.map(({ name, unit, confirmed, refuted }) => {
    const limits = [
      ...(confirmed ? [`confirmed ${limitText(confirmed, unit)}`] : []),
      ...(refuted ? [`refuted ${limitText(refuted, unit)}`] : []),
    ]
    return limits.length === 0 ? `Beside it: ${name}.` : `**${name}**: ${limits.join(', ')}.`
  })
  if ('by' in criterion) return [...figures, `Measured by: ${criterion.by}.`]
  const { refutedBy, onlyIf = [], usefulWithin, screen, durationTimes = 1, rounds } = criterion
  return [
    ...figures,
    ...(refutedBy === 'all' ? ['Refuted where all of them are.'] : []),
    ...(durationTimes === 1 ? [] : [`Steady states are ${durationTimes} times as long as others.`]),
    ...(rounds === undefined ? [] : [`${rounds} rounds.`]),
    ...(screen === undefined
      ? []
      : [
          `Screened: of ${screen.rounds} rounds of all cells the ${screen.keep} highest and the ${screen.keep} lowest go on; these rounds are part of no interval.`,
        ]),
    ...onlyIf.map(
      ({ name, unit, holds }) => `Only where ${name} is surely ${limitText(holds, unit)}.`,
    ),
    ...(usefulWithin === undefined
      ? []
      : 'micros' in usefulWithin
        ? [`An answer is useful within ${usefulWithin.micros} µs.`]
        : [
            `An answer is useful within ${usefulWithin.times} times the largest of ${usefulWithin.largest
              .map(({ cell, metric }) => `${metric} of ${cell}`)
              .join(', ')}.`,
          ]),
    `Cells: ${Object.entries(criterion.cells).map(cellText).join('; ')}.`,
  ]
}

function cellText([name, { arm, params = {}, load, loadOf, cores, virtualCores }]: [
  string,
  Extract<Criterion, { cells: unknown }>['cells'][string],
]): string {
  const parts = [
    ...Object.entries(params).map(([parameter, value]) => `${parameter}=${value}`),
    loadOf === undefined ? load : `${load} of ${loadOf === 'own' ? 'its own' : loadOf}`,
    ...(cores === undefined ? [] : [`cores ${cores}`]),
    ...(virtualCores === undefined ? [] : [`virtual cores ${virtualCores}`]),
  ]
  return `${name}: \`${arm}\` (${parts.join(', ')})`
}

function outcomeText(criterion: Criterion, measured: ClaimResult | undefined): string {
  if ('untestable' in criterion) return `not testable here: ${criterion.untestable}`
  if (measured === undefined || measured.outcome === 'pending') return 'not run yet'
  const found = measured.figures.flatMap((figure) =>
    figure.outcome === 'beside' || figure.estimate === null
      ? []
      : [`${figure.name} is ${estimateText(figure)}`],
  )
  const reason = measured.reason === '' ? [] : [measured.reason]
  const { count, of, byGate } = measured.markedTrials
  const gates = Object.entries(byGate).map(([gate, times]) => `${gate} ${times}`)
  const marked =
    count === 0 ? [] : [`${count} of ${of} trials failed a check (${gates.join(', ')})`]
  const isOther = JSON.stringify(measured.criterion) !== JSON.stringify(criterion)
  const other = isOther ? ['**of an earlier form of the experiment**'] : []
  return [`${OUTCOME_WORDS[measured.outcome]}`, ...found, ...reason, ...marked, ...other].join('; ')
}

test('CLAIMS.md is what the criteria and the committed run make of it; -u makes it anew', async () => {
  const placed = await Promise.all(
    listScenarios().map(async (name) => {
      const { criteria = [] } = (await loadScenario(name, {})).scenario
      return criteria.map((criterion) => ({ scenario: name, criterion }))
    }),
  )
  const measured = existsSync(COMMITTED)
    ? claimsSchema.parse(JSON.parse(readFileSync(COMMITTED, 'utf8')))
    : null
  await expect(documentOf(placed.flat(), measured)).toMatchFileSnapshot('../../scenarios/CLAIMS.md')
})
