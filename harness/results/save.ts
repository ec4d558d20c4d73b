import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileNameFor, fileNamesFor } from './file-name.ts'
import { failureCode, folderFailure, writeFailure } from './file-failure.ts'
import { histogramLog } from './histogram-log.ts'
import type { Report } from './schema.ts'

/** The source of truth among a report's files. */
export const REPORT_FILE = 'report.json'
const PAGE_FILE = 'report.html'

/** Where a report goes and what its folder is called. */
export interface ReportPlace {
  /** Made if it is missing. @default 'reports' in the CLI */
  readonly parentFolder: string
  /** The run's start, from `base/clock`. */
  readonly startedAt: Date
  readonly scenario: string
}

/**
 * The folder of one run: `<parent>/<UTC start>-<scenario>/`, always a new one. Every file is replaced as a whole, so
 * a reader, or a crash, finds the previous version or the new one and never a part.
 */
export class ReportFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Makes the folder, before anything is measured. Throws a usage error when it cannot be written. */
  static create(place: ReportPlace): ReportFolder {
    const base = join(
      place.parentFolder,
      `${folderTimestamp(place.startedAt)}-${fileNameFor(place.scenario)}`,
    )
    try {
      mkdirSync(place.parentFolder, { recursive: true })
      return new ReportFolder(makeNewFolder(base))
    } catch (error) {
      throw folderFailure(base, error)
    }
  }

  /** Path of `report.json`, for the CLI to print. */
  get reportPath(): string {
    return join(this.path, REPORT_FILE)
  }

  /** Path of `report.html`, for the CLI to print. */
  get pagePath(): string {
    return join(this.path, PAGE_FILE)
  }

  /**
   * Saves the report and a histogram log per arm; `report.json` first. Synchronous, a few milliseconds: call it
   * between trials only. Throws a run error, e.g. when the disk is full; the previous files are kept then.
   */
  save(report: Report): void {
    this.#replace(REPORT_FILE, `${JSON.stringify(report, undefined, 1)}\n`)
    for (const [label, name] of fileNamesFor(report.arms.map((arm) => arm.label))) {
      this.#replace(`${name}.hlog`, histogramLog(report, label))
    }
  }

  /** Saves `report.html`, made by `render`. Throws like `save`. */
  savePage(html: string): void {
    this.#replace(PAGE_FILE, html)
  }

  #replace(name: string, content: string): void {
    const path = join(this.path, name)
    const partialPath = `${path}.partial`
    try {
      // Flushed before the rename: else a crash of the machine could leave the new name with old or no content.
      writeFileSync(partialPath, content, { flush: true })
      renameSync(partialPath, path)
    } catch (error) {
      rmSync(partialPath, { force: true })
      throw writeFailure(path, error)
    }
  }
}

/** UTC to the second without the characters that file systems refuse: `2026-11-22T19-53-58Z`. */
function folderTimestamp(startedAt: Date): string {
  return `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}Z`
}

/** Two runs may start within one second: the later one gets `-2`. */
function makeNewFolder(base: string): string {
  for (let number = 1; ; number++) {
    const path = number === 1 ? base : `${base}-${number}`
    try {
      mkdirSync(path)
      return path
    } catch (error) {
      if (failureCode(error) !== 'EEXIST') throw error
    }
  }
}
