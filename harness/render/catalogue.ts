import type { EChartsOption } from 'echarts'
import type { Catalogue, CatalogueEntry } from '../results/catalogue.ts'
import { pairReport } from '../results/compared-pair.ts'
import type { Report } from '../results/schema.ts'
import { COUNT, formatQuantity, formatSeconds } from '../words/format.ts'
import { html, type Markup, plainDocument, trusted } from './page/document.ts'
import { CATALOGUE_STYLE } from './page/style.ts'
import { middleLoad, predictedWinner, predictionText } from './report/notices.ts'
import { loadName } from './report/pair-figures.ts'
import { sectionMarkup } from './view/page.ts'
import type { Entry } from './view/view.ts'
import { type ChartData, chartData, chartDescription } from './report/percentiles.ts'

type Outcome = NonNullable<CatalogueEntry['outcome']>

/** What became of a prediction over all loads, in a word or two: `confirmed` only where it is at every one of them. */
export function outcomeWord(outcome: Outcome | null): string {
  if (outcome === null) return 'not tested'
  const [isConfirmed, isRefuted] = [outcome.confirmed.length > 0, outcome.refuted.length > 0]
  if (isConfirmed)
    return isRefuted || outcome.undecided.length > 0 ? 'confirmed in part' : 'confirmed'
  return isRefuted ? 'refuted' : 'undecided'
}

/** One scenario's result in two lines for the terminal: what was found, and what became of the prediction. */
export function entryText(entry: CatalogueEntry): string {
  const found = `${entry.name}: ${entry.headline ?? 'nothing was measured.'}`
  return entry.outcomeText === null ? found : `${found}\n  prediction: ${entry.outcomeText}`
}

/** All scenarios in one sentence: `35 scenarios: 30 sound, 5 failed. Predictions: 12 confirmed, 3 refuted, …`. */
export function catalogueSentence({ scenarios }: Catalogue): string {
  const states = tally(scenarios.map(({ state }) => STATES[state]))
  const outcomes = tally(
    scenarios.filter(({ outcome }) => outcome !== null).map(({ outcome }) => outcomeWord(outcome)),
  )
  const count = formatQuantity(scenarios.length, COUNT)
  const predictions = outcomes === '' ? '' : ` Predictions: ${outcomes}.`
  return `${count} scenario${scenarios.length === 1 ? '' : 's'}: ${states}.${predictions}`
}

/** How an entry's state is said. */
const STATES: Readonly<Record<CatalogueEntry['state'], string>> = {
  sound: 'sound',
  failed: 'failed',
  unfinished: 'not finished',
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
}

/**
 * The index of a catalogue's reports as one page without any script; its content security policy allows its style sheet and
 * nothing else. Links lead to the reports beside it. Below 20 kB per scenario.
 * @param pictures by scenario name; a scenario without one had nothing to draw.
 */
export function renderCataloguePage(
  catalogue: Catalogue,
  pictures: ReadonlyMap<string, Markup>,
): string {
  return plainDocument({
    title: `crossover: ${catalogueSentence(catalogue)}`,
    style: CATALOGUE_STYLE,
    body: html`${head(catalogue)} ${overview(catalogue.scenarios)}
    ${catalogue.scenarios.map((entry) => entrySection(entry, pictures.get(entry.name) ?? null))}
    ${provenance(catalogue)}`,
  })
}

function head({ startedAt, profile, ending, complete, ...catalogue }: Catalogue): Markup {
  const sentence = catalogueSentence({ startedAt, profile, ending, complete, ...catalogue })
  return html`<header>
    <p class="muted">crossover · catalogue · profile ${profile} · ${startedAt}</p>
    <h1>${sentence}</h1>
    ${complete ? null : html`<p class="alarm">${ending === null ? 'Not finished: what follows may change.' : `Incomplete: ${ending}.`}</p>`}
    <p class="muted">
      Each scenario asks one question of both architectures. Its prediction was written down before
      it was measured; the outcome is whether that winner won, at default parameters. What a claim
      says beyond it is in the scenario’s figures, sweeps and arms.
    </p>
  </header>`
}

function overview(entries: readonly CatalogueEntry[]): Markup {
  return html`<section>
    <h2>Overview</h2>
    <table class="overview">
      <thead>
        <tr>
          <th scope="col">scenario</th>
          <th scope="col" class="claim">claim</th>
          <th scope="col" class="wide-only">prediction</th>
          <th scope="col">outcome</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          (entry) =>
            html`<tr>
              <th scope="row"><a href="#${entry.name}">${entry.name}</a></th>
              <td class="claim">${entry.claim ?? '–'}</td>
              <td class="wide-only">
                ${entry.prediction === null ? '–' : predictedWinner(entry.prediction)}
              </td>
              <td>${outcomeMarkup(entry)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

function outcomeMarkup(entry: CatalogueEntry): Markup {
  if (entry.state !== 'sound') return html`<span class="alarm">${STATES[entry.state]}</span>`
  return html`<span class="outcome">${outcomeWord(entry.outcome)}</span>`
}

function entrySection(entry: CatalogueEntry, picture: Markup | null): Markup {
  const { name, claim, question, prediction, headline, notices } = entry
  return html`<section id="${name}">
    <h2>${name}${claim === null ? null : html` <span class="muted claim">${claim}</span>`}</h2>
    ${question === null ? null : html`<p class="muted">${question}</p>`}
    ${notices.map((text) => html`<p class="alarm label">${text}</p>`)}
    ${headline === null ? null : html`<p>${headline}</p>`} ${failureMarkup(entry)}
    ${prediction === null ? null : html`<p><strong>Prediction</strong>: ${predictionText(prediction)}.</p>`}
    ${outcomeParagraph(entry)} ${picture} ${reportLink(entry)}
  </section>`
}

function outcomeParagraph({ outcomeText }: CatalogueEntry): Markup | null {
  if (outcomeText === null) return null
  return html`<p><strong>Outcome</strong>: <span class="outcome">${outcomeText}</span>.</p>`
}

function failureMarkup({ state, failure }: CatalogueEntry): Markup | null {
  if (failure === null)
    return state === 'unfinished' ? html`<p class="muted">Not finished.</p>` : null
  const cure =
    failure.cure === null ? null : html`<span class="muted">Cure: ${failure.cure}.</span>`
  return html`<p><span class="alarm">failed</span> ${failure.message}. ${cure}</p>`
}

/** Folder names are made of letters, digits, `.`, `_` and `-`. */
function reportLink({ folder, name }: CatalogueEntry): Markup | null {
  return folder === null
    ? null
    : html`<p><a href="${folder}/report.html">The whole report of ${name}</a></p>`
}

function provenance({ command, seed, elapsedSeconds, environment }: Catalogue): Markup {
  const machine: readonly Entry[] =
    environment === null
      ? []
      : [
          [
            'machine',
            `${environment.cpu}, ${environment.cores} cores, kernel ${environment.kernel}`,
          ],
          ['node', `${environment.node}, crossover ${environment.crossover}`],
        ]
  const entries: readonly Entry[] = [
    ['seed', String(seed)],
    ['took', formatSeconds(elapsedSeconds)],
    ...machine,
  ]
  return sectionMarkup({
    title: 'Run it again',
    blocks: [
      { kind: 'code', text: command },
      { kind: 'terms', entries },
    ],
  })
}

/** Of the drawing's own units: text of 11 stays readable where the picture is 320 px wide. */
const WIDTH = 320
const HEIGHT = 210
const FONT_SIZE = 11
/** Fewer than on a full page: a tick needs 16 units of height. */
const MOST_LATENCY_TICKS = 7

/**
 * Percentile curves of both arms at the middle load, drawn once and for all: a figure with its legend that needs no script.
 * Null when nothing was measured. The first call loads the drawing library, about 0.3 s; each takes some 20 ms.
 * @param id told apart from those of the other pictures on the page: letters, digits and `-`.
 */
export async function cataloguePicture(report: Report, id: string): Promise<Markup | null> {
  const pair = pairReport(report)
  const load = middleLoad(pair)
  const data = load === undefined ? null : chartData(pair, load, id)
  if (load === undefined || data === null) return null
  const drawing = await draw(data)
  const [first, second] = data.arms
  return html`<figure>
    <figcaption class="muted">Latency at load ${loadName(load)}</figcaption>
    <div class="legend">
      <span class="first">${first?.label ?? ''}</span>
      <span class="second">${second?.label ?? ''}</span>
    </div>
    <div class="picture" role="img" aria-label="${chartDescription(load, data)}">
      ${trusted(adapted(drawing, id))}
    </div>
  </figure>`
}

/** The library is loaded by who needs it: every command would begin later. */
async function draw(data: ChartData): Promise<string> {
  const [{ init, use }, { LineChart }, { GridComponent }, { SVGRenderer }] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ])
  use([LineChart, GridComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  try {
    chart.setOption(optionOf(data))
    return chart.renderToSVGString()
  } finally {
    // It holds a timer that would keep the process.
    chart.dispose()
  }
}

/** Colours are those of the page's style sheet, which know day and night. */
function optionOf(data: ChartData): EChartsOption {
  const latencyTicks = thinned(data.latencyTicks)
  return {
    animation: false,
    grid: { left: 52, right: 12, top: 8, bottom: 42 },
    xAxis: {
      ...axis(data.percentileTicks),
      splitLine: { show: false },
      min: 1,
      max: data.oneInEnd,
      name: 'share of requests that were faster',
      nameLocation: 'middle',
      nameGap: 24,
      nameTextStyle: { color: 'var(--muted)', fontSize: FONT_SIZE },
    },
    yAxis: {
      ...axis(latencyTicks),
      min: data.latencyTicks[0]?.[0] ?? 1,
      max: data.latencyTicks.at(-1)?.[0] ?? 1,
    },
    series: data.arms.map((arm, index) => ({
      type: 'line' as const,
      data: arm.merged.map(([oneIn, latencyNs]) => [oneIn, latencyNs]),
      showSymbol: false,
      silent: true,
      lineStyle: {
        width: 2.5,
        color: index === 0 ? 'var(--first)' : 'var(--second)',
        // Told apart without colours, too.
        type: index === 0 ? ('solid' as const) : [7, 3],
      },
    })),
  }
}

function axis(ticks: ChartData['latencyTicks']) {
  const texts = new Map(ticks)
  const values = ticks.map(([value]) => value)
  const line = { show: true, lineStyle: { color: 'var(--rule)' } }
  return {
    type: 'log' as const,
    axisLine: line,
    axisTick: { ...line, customValues: values },
    axisLabel: {
      customValues: values,
      color: 'var(--muted)',
      fontSize: FONT_SIZE,
      hideOverlap: true,
      formatter: (value: number) => texts.get(Number(value.toPrecision(6))) ?? '',
    },
    splitLine: line,
  }
}

/** First and last stay: they bound the axis. */
function thinned(ticks: ChartData['latencyTicks']): ChartData['latencyTicks'] {
  const step = Math.ceil((ticks.length - 1) / (MOST_LATENCY_TICKS - 1))
  return ticks.filter((_, index) => index % step === 0 || index === ticks.length - 1)
}

/**
 * The drawing without what the page's policy forbids (styles inside it) and what nobody needs there; texts stay escaped as
 * the library left them. Ids are numbered over the whole process: they become this picture's own.
 */
function adapted(svg: string, id: string): string {
  return svg
    .replaceAll(/<style\b[\s\S]*?<\/style>/g, '')
    .replaceAll(/ style="font-size:([\d.]+)px;font-family:[^"]*"/g, ' font-size="$1"')
    .replaceAll(/ (?:class|pointer-events|baseProfile|xmlns:xlink)="[^"]*"/g, '')
    .replaceAll(/zr\d+-c(\d+)/g, `${id}-$1`)
    .replace(/<svg width="\d+" height="\d+"/, '<svg aria-hidden="true"')
    .replaceAll('\n', '')
}
