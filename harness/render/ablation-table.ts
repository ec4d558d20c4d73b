import { ABLATION_METRICS } from '../results/ablation.ts'
import type { Ablation, AblationMetric, Ratios } from '../results/ablation.ts'
import type { Estimate } from '../results/schema.ts'
import { ABLATION_METRIC_NAMES } from './ablation-sentence.ts'
import { effectText } from './chain-effect.ts'
import { formatQuantity, formatShare, formatTime, NOT_AVAILABLE, PER_SECOND } from './format.ts'

/** A row of ratios, formatted; a `?` in one says that it is not told from 1. */
export interface RatioRow {
  readonly name: string
  readonly cells: readonly string[]
}

/** An arm with its medians, formatted. */
interface ArmRow {
  readonly number: string
  readonly label: string
  readonly cells: readonly string[]
}

/** Names of the columns of ratios, with the confidence of their intervals where it is known. */
export function ratioHeadings({ product }: Ablation): readonly string[] {
  return ABLATION_METRICS.map((metric) => {
    const level = product[metric]?.level ?? null
    return ABLATION_METRIC_NAMES[metric] + (level === null ? '' : `, ${formatShare(level)}`)
  })
}

/** One row per step, then what they multiply to and what the ends showed. */
export function stepRows(ablation: Ablation): readonly RatioRow[] {
  return [
    ...ablation.steps.map(({ name, ratios }, index) =>
      ratioRow(ablation, `${index + 1} ${name}`, ratios),
    ),
    ratioRow(ablation, 'all steps, multiplied', ablation.product),
    ratioRow(ablation, 'the ends, measured alone', ablation.endpoints),
  ]
}

/** One row per mechanism: its steps together. */
export function mechanismRows(ablation: Ablation): readonly RatioRow[] {
  return ablation.mechanisms.map(({ name, steps, ratios }) =>
    ratioRow(ablation, `${name} (${steps.map((step) => step + 1).join(', ')})`, ratios),
  )
}

/** What each arm is and reached. */
export function armRows({ arms }: Ablation): readonly ArmRow[] {
  return arms.map(({ label, figures }, index) => ({
    number: String(index + 1),
    label,
    cells: ABLATION_METRICS.map((metric) => figureCell(metric, figures[metric])),
  }))
}

function ratioRow(ablation: Ablation, name: string, ratios: Ratios): RatioRow {
  return {
    name,
    cells: ABLATION_METRICS.map((metric) => effectText(ablation, metric, ratios[metric])),
  }
}

function figureCell(metric: AblationMetric, figure: Estimate | null): string {
  if (figure === null) return NOT_AVAILABLE
  return metric === 'throughput'
    ? formatQuantity(figure.value, PER_SECOND)
    : formatTime(figure.value)
}
