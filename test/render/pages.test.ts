import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { ablationView } from '../../harness/render/ablate/view.ts'
import { renderCataloguePage } from '../../harness/render/catalogue.ts'
import { claimsView } from '../../harness/render/claims.ts'
import { crossingView } from '../../harness/render/find/view.ts'
import { renderIndexPage } from '../../harness/render/history/view.ts'
import { readRow, unreadableRow } from '../../harness/render/history/rows.ts'
import { sweepView } from '../../harness/render/sweep/view.ts'
import { pageView } from '../../harness/render/view/page.ts'
import { detailedReport } from './detailed-report.ts'
import { injectedReport } from './injected-report.ts'
import { INJECTION, readable, visible } from './page-text.ts'
import { sampleAblation } from './sample-ablation.ts'
import { sampleCatalogue } from './sample-catalogue.ts'
import { sampleClaims } from './sample-claims.ts'
import { sampleCrossing } from './sample-crossing.ts'
import { runAfter, sampleIndex } from './sample-index.ts'
import { objectiveReport, sampleReport } from './sample-report.ts'
import { coresSweep, sampleSweep } from './sample-sweep.ts'
import { renderHtml } from '../../harness/render/report/render.ts'

/** What all measurements have of texts that someone else may have written. */
function foreignTexts<Saved extends { readonly run: object; readonly scenario: object }>(
  saved: Saved,
) {
  const { prediction } = saved.scenario as { prediction?: unknown }
  return {
    ...saved,
    complete: false,
    ending: INJECTION,
    run: { ...saved.run, startedAt: INJECTION, command: INJECTION },
    scenario: {
      name: INJECTION,
      question: INJECTION,
      claim: INJECTION,
      ...(prediction !== undefined && { prediction: { winner: INJECTION, because: INJECTION } }),
      params: { [INJECTION]: INJECTION },
    },
    markedTrials: { count: 1, of: 1, byGate: { [INJECTION]: 1 } },
    warnings: [{ code: INJECTION, message: INJECTION, cure: INJECTION }],
  }
}

function injectedSweep() {
  const sweep = sampleSweep()
  const [first, second] = sweep.arms
  const labels = [INJECTION, `${INJECTION}2`] as const
  return {
    ...foreignTexts(sweep),
    arms: [
      { ...first!, label: labels[0], options: { [INJECTION]: INJECTION } },
      { ...second!, label: labels[1] },
    ],
    over: { ...sweep.over, name: INJECTION, unit: INJECTION },
    load: { ...sweep.load, label: INJECTION, reference: INJECTION },
    values: sweep.values.map((value) => ({
      ...value,
      figures: {
        [labels[0]]: value.figures['staged']!,
        [labels[1]]: value.figures['sharded']!,
      },
    })),
  }
}

function injectedSearch() {
  const search = sampleCrossing()
  const arms = search.arms.map((arm) => ({
    ...arm,
    label: INJECTION + arm.label,
    options: { [INJECTION]: INJECTION },
  }))
  const over = { ...search.over, name: INJECTION, unit: INJECTION }
  const load = { ...search.load, label: INJECTION, reference: INJECTION }
  return { ...foreignTexts(search), arms, over, load }
}

function injectedClaims() {
  const claims = sampleClaims()
  const foreign = { id: INJECTION, claim: INJECTION, source: INJECTION, scenario: INJECTION }
  return {
    ...claims,
    complete: false,
    ending: INJECTION,
    run: { ...claims.run, startedAt: INJECTION, command: INJECTION },
    claims: claims.claims.map((claim) => ({
      ...claim,
      ...foreign,
      reason: INJECTION,
      figures: claim.figures.map((figure) => ({ ...figure, name: INJECTION, note: INJECTION })),
      conditions: claim.conditions.map((condition) => ({ ...condition, name: INJECTION })),
      cells: claim.cells.map((cell) => ({ ...cell, params: { [INJECTION]: INJECTION } })),
      warnings: [{ code: INJECTION, message: INJECTION, cure: INJECTION }],
    })),
  }
}

function injectedAblation() {
  const ablation = sampleAblation()
  const steps = ablation.steps.map((step) => ({ ...step, name: INJECTION, mechanism: INJECTION }))
  return {
    ...foreignTexts(ablation),
    arms: ablation.arms.map((arm) => ({ ...arm, label: INJECTION })),
    steps,
    mechanisms: ablation.mechanisms.map((mechanism) => ({ ...mechanism, name: INJECTION })),
    load: { label: `${INJECTION}%`, perSecond: 1 },
  }
}

function injectedIndex(): string {
  const source = { kind: 'run', file: `reports/${INJECTION}/report.json`, page: null } as const
  const report = injectedReport(sampleReport(), INJECTION)
  const rows = [
    readRow(source, { kind: 'run', content: report }),
    runAfter(1, { scenario: INJECTION, arms: [INJECTION, 'b'], cpu: INJECTION }),
    unreadableRow(source, new Error(INJECTION)),
  ]
  return renderIndexPage(rows, 'reports')
}

/** Drawings are told by their texts in some pages, and left out in others. */
function withoutDrawings(page: string): string {
  return page.replaceAll(/<svg.*?<\/svg>/gs, '')
}

interface Page {
  readonly page: string
  /** With every text that someone else may have written replaced. */
  readonly injected: string
  /** Of any kind: data and code. */
  readonly scripts: number
}

const PAGES: readonly (readonly [kind: string, make: () => Page])[] = [
  [
    'run',
    () => ({
      page: renderHtml(sampleReport()),
      injected: renderHtml(injectedReport(detailedReport(), INJECTION)),
      scripts: 4,
    }),
  ],
  [
    'sweep',
    () => ({
      page: pageView(sweepView(sampleSweep())),
      injected: pageView(sweepView(injectedSweep())),
      scripts: 3,
    }),
  ],
  [
    'search',
    () => ({
      page: pageView(crossingView(sampleCrossing())),
      injected: pageView(crossingView(injectedSearch())),
      scripts: 3,
    }),
  ],
  [
    'ablation',
    () => ({
      page: pageView(ablationView(sampleAblation())),
      injected: pageView(ablationView(injectedAblation())),
      scripts: 3,
    }),
  ],
  [
    'test of claims',
    () => ({
      page: pageView(claimsView(sampleClaims())),
      injected: pageView(claimsView(injectedClaims())),
      scripts: 3,
    }),
  ],
  [
    'catalogue',
    () => {
      const catalogue = sampleCatalogue()
      const scenarios = catalogue.scenarios.map((scenario) => ({
        ...scenario,
        question: INJECTION,
        theme: INJECTION,
        headline: INJECTION,
      }))
      return {
        page: renderCataloguePage(catalogue),
        injected: renderCataloguePage({ ...catalogue, scenarios }),
        scripts: 1,
      }
    },
  ],
  [
    'history',
    () => ({
      page: renderIndexPage(sampleIndex(), 'reports'),
      injected: injectedIndex(),
      scripts: 1,
    }),
  ],
]

/** As a policy names it. */
function hashOf(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
}

describe.each(PAGES)('the page of a %s', (_, make) => {
  let made: Page
  beforeAll(() => {
    made = make()
  })

  test('allows exactly its own style and scripts, and no network', () => {
    const { page } = made
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? ''
    const allowed = policy.replaceAll('&#39;', "'")
    const hashes = [...page.matchAll(/<(script|style)>(.*?)<\/\1>/gs)].map(([, , content]) =>
      hashOf(content ?? ''),
    )
    expect(hashes.length).toBeGreaterThan(0)
    const library = /id="chart-library">(.*?)<\/script>/s.exec(page)?.[1]
    if (library !== undefined)
      hashes.push(hashOf(gunzipSync(Buffer.from(library, 'base64')).toString()))
    expect((allowed.match(/'sha256-[^']+'/g) ?? []).toSorted()).toEqual(hashes.toSorted())
    expect(allowed).toMatch(
      /^default-src 'none'; (?:script-src (?:'sha256-[^']+' ?)+; )?style-src /,
    )
    expect(allowed).not.toMatch(/https?:|'unsafe|\*/)
    expect(visible(withoutDrawings(page))).not.toMatch(
      /javascript:| on\w+="| style="|url\(|@import| src="|(?:href)="(?:https?:|\/\/)/,
    )
  })

  test('shows what somebody else wrote as text', () => {
    const { injected, scripts } = made
    expect(visible(injected)).not.toContain('<img')
    expect(injected).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(injected.match(/<script/g) ?? []).toHaveLength(scripts)
    expect(injected.match(/<\/script>/g) ?? []).toHaveLength(scripts)
  })
})

test.each([
  ['page', renderHtml(detailedReport())],
  ['page-objective', renderHtml(objectiveReport())],
  ['sweep-page', pageView(sweepView(coresSweep()))],
  ['crossing-page', pageView(crossingView(sampleCrossing()))],
  ['ablation-page', pageView(ablationView(sampleAblation()))],
  ['claims-page', pageView(claimsView(sampleClaims()))],
])('the text of %s', async (name, page) => {
  await expect(readable(page)).toMatchFileSnapshot(`./snapshots/${name}.txt`)
})
