import { type Ablation, ABLATION_METRICS } from '../../results/ablate.ts'
import { formatShare } from '../../words/format.ts'
import { type TerminalOptions, wrap } from '../terminal/text.ts'
import { pageView } from '../view/page.ts'
import { terminalView } from '../view/terminal.ts'
import {
  type ChartSection,
  entryIf,
  type ListSection,
  valuesText,
  type View,
  type ViewTable,
} from '../view/view.ts'
import { drawWaterfall } from './draw.ts'
import {
  ABLATION_METRIC_NAMES,
  ablationSentence,
  agreementSentence,
  armRows,
  incompleteText,
  loadText,
  markedText,
  mechanismRows,
  ratioHeadings,
  type RatioRow,
  stepRows,
  throughputSentence,
  waterfallTitle,
} from './sentence.ts'
import {
  terminalWaterfall,
  WATERFALL_METRICS,
  waterfallData,
  waterfallDescription,
  type WaterfallMetric,
  waterfallOf,
} from './waterfall.ts'

/** A ratio with its interval; two lines of one on a narrow terminal, which leaves p50 out: the page has it. */
const RATIO_COLUMNS = 19
const NARROW_RATIO_COLUMNS = 17
const WIDE = 92
const FIGURE_COLUMNS = 11

/** An ablation as text. Ends without a line break. */
export function renderAblation(ablation: Ablation, options: TerminalOptions): string {
  return terminalView(ablationView(ablation), options)
}

/** An ablation as one HTML page. */
export function renderAblationPage(ablation: Ablation): string {
  return pageView(ablationView(ablation))
}

function ablationView(ablation: Ablation): View {
  const { scenario, run, warnings, environment } = ablation
  return {
    title: `${scenario.name}: one mechanism at a time`,
    eyebrow: `crossover · ablate ${scenario.name} · ${run.startedAt}`,
    answer: ablationSentence(ablation),
    partial: incompleteText(ablation),
    marked: markedText(ablation),
    further: [throughputSentence(ablation)],
    question: scenario.question,
    sections: [
      ...WATERFALL_METRICS.flatMap((metric) => waterfallSection(ablation, metric)),
      {
        kind: 'tables',
        title: 'What each step is worth',
        tables: [
          ratioTable('Steps: second ÷ first, over rounds', ablation, stepRows(ablation)),
          ratioTable('Mechanisms, all their steps together', ablation, mechanismRows(ablation)),
        ].filter(({ rows }) => rows.length > 0),
        note: `×? marks an interval that includes 1: undecided, no effect. Latency has ${run.plannedRounds} rounds, throughput ${run.plannedCapacityRounds}. Of many steps that change nothing, a few look decided by chance. CPU per request includes spinning.`,
      },
      ...agreementSections(ablation),
      { kind: 'tables', title: 'Arms', tables: [armTable(ablation)], note: null },
    ],
    warnings,
    command: run.command,
    conditions: [
      ['seed', String(run.seed)],
      ['load', loadText(ablation)],
      ['rounds', `${run.plannedRounds} at the load, ${run.plannedCapacityRounds} at capacity`],
      ['steady state of a trial', `${run.durationSeconds} s`],
      ['confidence', formatShare(run.level)],
      ['processors', run.cpus.join(', ')],
      ['took', `${run.elapsedSeconds.toFixed(1)} s`],
      ['parameters', valuesText(scenario.params)],
      ...entryIf('claim', scenario.claim),
    ],
    environment,
  }
}

function waterfallSection(ablation: Ablation, metric: WaterfallMetric): readonly ChartSection[] {
  const waterfall = waterfallOf(ablation, metric)
  if (waterfall === null) return []
  const title = waterfallTitle(ablation, metric)
  return [
    {
      kind: 'chart',
      title,
      legend: [],
      note: 'Logarithmic: each bar begins where the one before ended and is as long as its step’s ratio. Thin lines are intervals, diamonds the medians of the first and the last arm. Grey is undecided.',
      description: waterfallDescription(waterfall),
      draw: drawWaterfall,
      data: waterfallData(waterfall, `waterfall-${metric}`),
      text: (columns, paint) => {
        const heading = wrap(`${title}, logarithmic; ×? is not told from 1`, columns, 0)
        return `${paint('bold', heading)}\n${terminalWaterfall(waterfall, columns, paint)}`
      },
    },
  ]
}

function ratioTable(caption: string, ablation: Ablation, rows: readonly RatioRow[]): ViewTable {
  return {
    caption,
    corner: '',
    columns: ratioHeadings(ablation).map((heading, place) => ({
      heading,
      width: RATIO_COLUMNS,
      narrowWidth: place === 0 ? null : NARROW_RATIO_COLUMNS,
    })),
    rows: rows.map(({ name, cells }) => [name, ...cells] as const),
    narrowBelow: WIDE,
  }
}

/** Whether the steps multiply to what the ends showed. */
function agreementSections(ablation: Ablation): readonly ListSection[] {
  const items = ABLATION_METRICS.flatMap((metric) => agreementSentence(ablation, metric) ?? [])
  if (items.length === 0) return []
  const intro =
    'The first and the last arm were also measured alone, on other traces. Per round, the steps’ ratios multiply to the ratio of the ends in that round.'
  return [{ kind: 'list', title: 'Do the steps add up?', intro, items }]
}

function armTable(ablation: Ablation): ViewTable {
  return {
    caption: 'Arms, medians over rounds',
    corner: 'arm',
    columns: ABLATION_METRICS.map((metric) => ({
      heading: ABLATION_METRIC_NAMES[metric],
      width: FIGURE_COLUMNS,
    })),
    rows: armRows(ablation).map(({ number, label, cells }) => [`${number} ${label}`, ...cells]),
  }
}
