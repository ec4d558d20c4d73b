import type { PairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { partialText } from '../view/measured.ts'
import { type Block, type Head, listBlock, textBlock } from '../view/view.ts'
import { voidTrials } from './findings.ts'
import {
  headline,
  notices,
  predictionOutcome,
  predictionText,
  verdictNotes,
  verdictSentence,
} from './notices.ts'
import { armRole, loadName, type SectionsOf } from './pair-figures.ts'

/** Above the sections of a page and of Markdown; a terminal begins with the verdicts themselves. */
export function reportHead(report: Report, pair: PairReport): Head {
  const { scenario, run } = report
  const labels = report.arms.map(({ label }) => label)
  return {
    title: `${scenario.name}: ${new Intl.ListFormat('en-GB').format(labels)}`,
    eyebrow: `crossover · ${scenario.name} · ${run.startedAt}`,
    answer: headline(pair),
    alarms: notices(report),
    partial: partialText('run', report),
    marked: voidNotice(report),
    further: [],
    question: scenario.question,
  }
}

function voidNotice(report: Report): string | null {
  const { length } = voidTrials(report)
  if (length === 0) return null
  return `Answers were wrong in ${length === 1 ? 'a trial' : `${length} trials`}: trust no figure of this run.`
}

/** What a reader must know before believing any number. */
export const noticeSections: SectionsOf = ({ report }) => {
  return [{ title: null, blocks: notices(report).map((notice) => textBlock(notice, 'alarm')) }]
}

/** Each verdict in a sentence, beside it those of the other comparisons. */
export const verdictSections: SectionsOf = ({ report, pair, medium }) => {
  if (pair.loads.length === 0) {
    return medium === 'terminal' && report.objective === null
      ? [{ title: null, blocks: [textBlock('Nothing was measured.', 'strong')] }]
      : []
  }
  const verdicts = listBlock(
    pair.loads.map((load, index) => ({
      // Rates of each arm are told below.
      label: load.placed?.by === 'each' ? load.label : loadName(load),
      text: verdictSentence(load),
      besides: (report.loads[index]?.comparisons ?? [])
        .slice(1)
        .flatMap(({ verdict }) => verdict?.sentence ?? []),
    })),
  )
  const isPage = medium === 'page'
  return [
    {
      ...(isPage && { id: 'verdicts' }),
      title: isPage ? 'Verdicts in full' : null,
      blocks: [verdicts, ...verdictNotes(report)],
    },
  ]
}

const PREDICTION = 'Prediction, written down before measuring'

/** What was expected, and what became of it; none without a prediction. */
export const predictionSections: SectionsOf = ({ report }) => {
  const { prediction } = report.scenario
  const outcome = predictionOutcome(report)
  if (prediction === null || outcome === null) return []
  return [
    {
      title: PREDICTION,
      blocks: [
        textBlock(`${predictionText(prediction)}.`),
        { kind: 'text', label: 'Outcome', text: `${outcome}.` },
      ],
    },
  ]
}

type Arm = Report['arms'][number]

/** What the two architectures are, for a reader who does not know them. */
const ARCHITECTURE_TEXTS: Readonly<Record<Arm['architecture'], string>> = {
  staged:
    'pools of threads pass each request from stage to stage through queues and share the data under locks',
  sharded:
    'one thread per core owns a part of the data; requests for other parts go there as messages, without locks',
}
const FUSED_TEXT =
  'one pool of threads, each of which hops from stage to stage itself; they share the data under locks'

/** What an arm is: its architecture, and the layout where it makes another server of it. */
function architectureText({ architecture, options }: Arm): string {
  return architecture === 'staged' && options['layout'] === 'fused'
    ? FUSED_TEXT
    : ARCHITECTURE_TEXTS[architecture]
}

/** Who the arms are, for a reader who does not know them. */
export function armBlock({ arms, comparisons }: Report): Block {
  const [text, ...others] = new Set(arms.map(architectureText))
  if (text !== undefined && others.length === 0) {
    const architecture = arms[0]?.architecture ?? ''
    return textBlock(`${arms.length === 2 ? 'Both' : 'All'} are ${architecture}: ${text}.`)
  }
  return {
    kind: 'list',
    isBare: true,
    items: arms.map((arm) => ({
      label: arm.label,
      ...armRole(arm.label, comparisons),
      text: `${architectureText(arm)}.`,
    })),
  }
}
