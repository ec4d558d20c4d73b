import { type Ablation, ABLATION_METRICS, type Ratios } from '../../results/ablate.ts'
import { formatQuantity, formatShare, NOT_AVAILABLE, PER_SECOND, TIME } from '../../words/format.ts'
import { wrap } from '../terminal/text.ts'
import { measuredConditions, measuredView } from '../view/measured.ts'
import type { ChartSection, ListSection, View, ViewTable } from '../view/view.ts'
import {
  ABLATION_METRIC_NAMES,
  ablationSentence,
  agreementSentence,
  effectText,
  loadText,
  throughputSentence,
  waterfallTitle,
} from './sentence.ts'
import {
  drawWaterfall,
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

/** An ablation, as everything that shows it takes it. */
export function ablationView(ablation: Ablation): View {
  const { scenario, run } = ablation
  return {
    ...measuredView('ablation', ablation),
    title: `${scenario.name}: one mechanism at a time`,
    answer: ablationSentence(ablation),
    further: [throughputSentence(ablation)],
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
    conditions: measuredConditions({ ...ablation, arms: [] }, [
      ['load', loadText(ablation)],
      ['rounds', `${run.plannedRounds} at the load, ${run.plannedCapacityRounds} at capacity`],
      ['confidence', formatShare(run.level)],
    ]),
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

/** A row of ratios by what they are of; a `?` in one says that it is not told from 1. */
type RatioRow = readonly [name: string, ratios: Ratios]

/** One row per step, then what they multiply to and what the ends showed. */
function stepRows({ steps, product, endpoints }: Ablation): readonly RatioRow[] {
  return [
    ...steps.map(({ name, ratios }, index) => [`${index + 1} ${name}`, ratios] as const),
    ['all steps, multiplied', product],
    ['the ends, measured alone', endpoints],
  ]
}

/** One row per mechanism: its steps together. */
function mechanismRows({ mechanisms }: Ablation): readonly RatioRow[] {
  return mechanisms.map(({ name, steps, ratios }) => [
    `${name} (${steps.map((step) => step + 1).join(', ')})`,
    ratios,
  ])
}

/** Headings say the confidence of the intervals where it is known. */
function ratioTable(caption: string, ablation: Ablation, rows: readonly RatioRow[]): ViewTable {
  return {
    caption,
    corner: '',
    columns: ABLATION_METRICS.map((metric, place) => {
      const level = ablation.product[metric]?.level ?? null
      return {
        heading: ABLATION_METRIC_NAMES[metric] + (level === null ? '' : `, ${formatShare(level)}`),
        width: RATIO_COLUMNS,
        narrowWidth: place === 0 ? null : NARROW_RATIO_COLUMNS,
      }
    }),
    rows: rows.map(([name, ratios]) => [
      name,
      ...ABLATION_METRICS.map((metric) => effectText(ablation, metric, ratios[metric])),
    ]),
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

/** What each arm is and reached. */
function armTable({ arms }: Ablation): ViewTable {
  return {
    caption: 'Arms, medians over rounds',
    corner: 'arm',
    columns: ABLATION_METRICS.map((metric) => ({
      heading: ABLATION_METRIC_NAMES[metric],
      width: FIGURE_COLUMNS,
    })),
    rows: arms.map(({ label, figures }, index) => [
      `${index + 1} ${label}`,
      ...ABLATION_METRICS.map((metric) => {
        const figure = figures[metric]
        const scales = metric === 'throughput' ? PER_SECOND : TIME
        return figure === null ? NOT_AVAILABLE : formatQuantity(figure.value, scales)
      }),
    ]),
  }
}
