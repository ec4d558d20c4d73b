import { rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { CrossingSearch } from './crossing.ts'
import { makeNewFolder } from './new-folder.ts'
import { replaceFile } from './replace-file.ts'

const CROSSING_FILE = 'crossing.json'
const PAGE_FILE = 'crossing.html'

/** Where a search goes. */
export interface CrossingPlace {
  /** Made if it is missing. @default 'reports' in the CLI */
  readonly parentFolder: string
  /** Its start, from `base/clock`. */
  readonly startedAt: Date
  readonly scenario: string
}

/** The folder of one search: `<parent>/<UTC start>-find-<scenario>/`, always a new one. */
export class CrossingFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Makes the folder, before anything is measured. Throws a usage error when it cannot be written. */
  static create({ parentFolder, startedAt, scenario }: CrossingPlace): CrossingFolder {
    return new CrossingFolder(makeNewFolder(parentFolder, startedAt, `find-${scenario}`))
  }

  /** Path of `crossing.html`, for the CLI to print. */
  get pagePath(): string {
    return join(this.path, PAGE_FILE)
  }

  /**
   * Saves the figures, replacing an earlier state of them. Synchronous, milliseconds: call it between trials only.
   * Throws a run error, e.g. when the disk is full; the previous file is kept then.
   */
  save(search: CrossingSearch): void {
    const text = `${JSON.stringify(search, undefined, 1)}\n`
    replaceFile('crossing', join(this.path, CROSSING_FILE), text)
  }

  /** Saves `crossing.html`, made by `render`. Throws like `save`. */
  savePage(html: string): void {
    replaceFile('crossing', join(this.path, PAGE_FILE), html)
  }

  /** Removes the folder again, when nothing was saved in it. */
  discardIfEmpty(): void {
    try {
      rmdirSync(this.path)
    } catch {
      // Not empty: what is in it is kept.
    }
  }
}
