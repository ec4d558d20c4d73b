import { rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Ablation } from './ablation.ts'
import { makeNewFolder } from './new-folder.ts'
import { replaceFile } from './replace-file.ts'

const ABLATION_FILE = 'ablation.json'
const PAGE_FILE = 'ablation.html'

/** Where an ablation goes. */
export interface AblationPlace {
  /** Made if it is missing. @default 'reports' in the CLI */
  readonly parentFolder: string
  /** Its start, from `base/clock`. */
  readonly startedAt: Date
  readonly scenario: string
}

/** The folder of one ablation: `<parent>/<UTC start>-ablate-<scenario>/`, always a new one. */
export class AblationFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Makes the folder, before anything is measured. Throws a usage error when it cannot be written. */
  static create({ parentFolder, startedAt, scenario }: AblationPlace): AblationFolder {
    return new AblationFolder(makeNewFolder(parentFolder, startedAt, `ablate-${scenario}`))
  }

  /** Path of `ablation.html`, for the CLI to print. */
  get pagePath(): string {
    return join(this.path, PAGE_FILE)
  }

  /**
   * Saves the figures, replacing an earlier state of them. Synchronous, milliseconds: call it between trials only.
   * Throws a run error, e.g. when the disk is full; the previous file is kept then.
   */
  save(ablation: Ablation): void {
    const text = `${JSON.stringify(ablation, undefined, 1)}\n`
    replaceFile('ablation', join(this.path, ABLATION_FILE), text)
  }

  /** Saves `ablation.html`, made by `render`. Throws like `save`. */
  savePage(html: string): void {
    replaceFile('ablation', join(this.path, PAGE_FILE), html)
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
