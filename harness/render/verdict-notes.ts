import type { Band, Load, Report, Verdict } from '../results/schema.ts'
import { formatEstimate, formatShare, formatThreshold, RATIO } from './format.ts'
import { METRIC_LABELS } from './metric-label.ts'
import { repeatedSets, selectionWarning } from './repeated-sets.ts'

/** A line below the verdicts about how they were reached. */
export interface VerdictNote {
  readonly text: string
  /** Background only; else it changes what a verdict means. */
  readonly isMuted: boolean
}

/** A winner needs this much on any machine. */
const USUAL_THRESHOLD = 1.05

/** What a winner needed on this machine, and why, and what was played again for it; empty when no load has a verdict. */
export function verdictNotes(report: Report): readonly VerdictNote[] {
  const judged = report.loads.filter((load) => verdictOf(load) !== undefined)
  if (judged.length === 0) return []
  return [
    ...sureNotes(judged),
    ...noiseNotes(report),
    ...repeatNotes(report),
    ...bandNotes(judged, report),
    ...precisionNotes(report),
  ]
}

/** A ratio beyond doubt must not be hidden by an undecided tail. */
function sureNotes(judged: readonly Load[]): readonly VerdictNote[] {
  return judged.flatMap(({ label, comparisons }) =>
    comparisons.flatMap(({ first, second, sure }) => {
      if (sure.length === 0) return []
      const figures = sure.map(
        ({ metric, ratio }) => `${METRIC_LABELS[metric]} ${formatEstimate(ratio, RATIO)}`,
      )
      const text = `Sure at 99 % each, at ${label}: ${second} ÷ ${first}: ${figures.join(', ')}`
      return [{ text, isMuted: false }]
    }),
  )
}

/** Of any comparison: what a winner needs is the same for all of a load. */
function verdictOf({ comparisons }: Load): Verdict | undefined {
  return comparisons.flatMap(({ verdict }) => verdict ?? [])[0]
}

/** `rounds were added until the interval reached ±10%`; null for a fixed number of rounds. */
export function precisionText({ run }: Report): string | null {
  return run.precision === null
    ? null
    : `rounds were added until the interval reached ±${formatShare(run.precision)}`
}

/** Others at work belong beside the verdicts, not behind seventy lines of doubts. */
function noiseNotes({ warnings }: Report): readonly VerdictNote[] {
  return warnings
    .filter(({ code }) => code === 'busy-machine' || code === 'steal')
    .map(({ message }) => ({ text: `Noisy machine: ${message}`, isMuted: false }))
}

/** A selection of quiet trials is no sample. */
function repeatNotes(report: Report): readonly VerdictNote[] {
  const [repeated, selection] = [repeatedSets(report), selectionWarning(report)]
  return [
    ...(repeated === null ? [] : [{ text: repeated, isMuted: selection === null }]),
    ...(selection === null ? [] : [{ text: `Repeats: ${selection}`, isMuted: false }]),
  ]
}

function bandNotes(judged: readonly Load[], { band, bandNote }: Report): readonly VerdictNote[] {
  if (band === null) return bandNote === null ? [] : [{ text: bandNote, isMuted: true }]
  const widened = thresholdText(judged)
  const unmeasured = judged
    .map(({ label }) => label)
    .filter((label) => !Object.hasOwn(band.ratios, label))
  return [
    ...(widened === null
      ? []
      : [
          {
            text: `A winner needs a ratio beyond ${widened}: this machine’s A/A band (${originText(band)})`,
            isMuted: false,
          },
        ]),
    ...(unmeasured.length === 0
      ? []
      : [
          {
            text: `this machine’s A/A band has no figure at ${unmeasured.join(', ')}`,
            isMuted: true,
          },
        ]),
  ]
}

function precisionNotes(report: Report): readonly VerdictNote[] {
  const text = precisionText(report)
  return text === null ? [] : [{ text, isMuted: true }]
}

/** `1.12`, or `1.12 at 20%, 1.09 at 50%` unless it holds for every verdict alike; null when no load needs more than usual. */
function thresholdText(judged: readonly Load[]): string | null {
  const thresholds = judged.map((load) => ({
    label: load.label,
    text: formatThreshold(verdictOf(load)?.threshold ?? USUAL_THRESHOLD),
  }))
  const widened = thresholds.filter(({ text }) => Number(text) > USUAL_THRESHOLD)
  if (widened.length === 0) return null
  const [only, ...others] = new Set(thresholds.map(({ text }) => text))
  if (only !== undefined && others.length === 0) return only
  return widened.map(({ label, text }) => `${text} at ${label}`).join(', ')
}

function originText({ runs, pairs, measuredAt, path }: Band): string {
  return `${runs} runs of ${pairs} pairs, measured ${measuredAt.slice(0, 10)}, from ${path}`
}
