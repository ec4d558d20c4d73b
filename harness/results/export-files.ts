import { join } from 'node:path'
import { folderFailure } from './file-failure.ts'
import { fileNamesFor } from './file-name.ts'
import { histogramLog } from './histogram-log.ts'
import { makeFolders } from './make-folders.ts'
import { percentileDistribution } from './percentile-distribution.ts'
import { replaceFile } from './replace-file.ts'
import type { Report } from './schema.ts'
import { trialTable } from './trial-table.ts'

/** A file made from a report. */
export interface ExportFile {
  /** Inside the report's folder. */
  readonly name: string
  readonly content: string
}

/** `<arm>.hlog`: the histograms of each arm as a log, tagged with their loads. */
export function histogramLogFiles(report: Report): readonly ExportFile[] {
  return [...fileNamesFor(report.arms.map(({ label }) => label))].map(([label, name]) => ({
    name: `${name}.hlog`,
    content: histogramLog(report, label),
  }))
}

/** `<arm>-<load>.hgrm`: the percentile distribution of each arm at each load with a latency. */
export function distributionFiles(report: Report): readonly ExportFile[] {
  const cells = report.loads.flatMap((load) =>
    report.arms.map(({ label }) => ({ load, label, key: `${label}\n${load.label}` })),
  )
  const names = fileNamesFor(cells.map(({ key }) => key))
  return cells.flatMap(({ load, label, key }) => {
    const content = percentileDistribution(report, load, label)
    return content === null ? [] : [{ name: `${names.get(key)}.hgrm`, content }]
  })
}

/** `trials.csv`: a row per trial. */
export function trialTableFile(report: Report): ExportFile {
  return { name: 'trials.csv', content: trialTable(report) }
}

/** Writes the files into the folder, made if it is missing, each as a whole. Throws like `ReportFolder`. */
export function saveFiles(folder: string, files: readonly ExportFile[]): void {
  try {
    makeFolders(folder)
  } catch (error) {
    throw folderFailure(folder, error)
  }
  for (const { name, content } of files) replaceFile('report', join(folder, name), content)
}
