import { rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Sweep } from './sweep.ts'
import { makeNewFolder } from './new-folder.ts'
import { replaceFile } from './replace-file.ts'

const SWEEP_FILE = 'sweep.json'
const PAGE_FILE = 'sweep.html'

/** Where a sweep goes. */
export interface SweepPlace {
  /** Made if it is missing. @default 'reports' in the CLI */
  readonly parentFolder: string
  /** Its start, from `base/clock`. */
  readonly startedAt: Date
  readonly scenario: string
}

/** The folder of one sweep: `<parent>/<UTC start>-sweep-<scenario>/`, always a new one. */
export class SweepFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Makes the folder, before anything is measured. Throws a usage error when it cannot be written. */
  static create({ parentFolder, startedAt, scenario }: SweepPlace): SweepFolder {
    return new SweepFolder(makeNewFolder(parentFolder, startedAt, `sweep-${scenario}`))
  }

  /** Path of `sweep.html`, for the CLI to print. */
  get pagePath(): string {
    return join(this.path, PAGE_FILE)
  }

  /**
   * Saves the figures, replacing an earlier state of them. Synchronous, milliseconds: call it between trials only.
   * Throws a run error, e.g. when the disk is full; the previous file is kept then.
   */
  save(sweep: Sweep): void {
    const text = `${JSON.stringify(sweep, undefined, 1)}\n`
    replaceFile('sweep', join(this.path, SWEEP_FILE), text)
  }

  /** Saves `sweep.html`, made by `render`. Throws like `save`. */
  savePage(html: string): void {
    replaceFile('sweep', join(this.path, PAGE_FILE), html)
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
