import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { histogramLogFiles } from './export-files.ts'
import { folderFailure } from './file-failure.ts'
import { fileNameFor } from './file-name.ts'
import { makeNewFolder } from './new-folder.ts'
import { replaceFile } from './replace-file.ts'
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
    return new ReportFolder(makeNewFolder(place.parentFolder, place.startedAt, place.scenario))
  }

  /** Makes `<folder>/<scenario>/` inside a folder that is a new one itself. Throws a usage error when it cannot be written. */
  static inside(folder: string, scenario: string): ReportFolder {
    const path = join(folder, fileNameFor(scenario))
    try {
      mkdirSync(path)
    } catch (error) {
      throw folderFailure(path, error)
    }
    return new ReportFolder(path)
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
    for (const { name, content } of histogramLogFiles(report)) this.#replace(name, content)
  }

  /** Removes the folder again, when nothing was saved in it: a run that was refused leaves nothing behind. */
  discardIfEmpty(): void {
    try {
      rmdirSync(this.path)
    } catch {
      // Not empty: what is in it is kept.
    }
  }

  /** Saves `report.html`, made by `render`. Throws like `save`. */
  savePage(html: string): void {
    this.#replace(PAGE_FILE, html)
  }

  #replace(name: string, content: string): void {
    replaceFile('report', join(this.path, name), content)
  }
}
