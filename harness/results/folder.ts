import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportFile } from './export.ts'
import { fileNameFor, folderFailure, makeNewFolder, replaceFile } from './files.ts'
import { KINDS, type KindName } from './kinds.ts'

/** Where a measurement goes. */
export interface FolderPlace {
  /** Made if it is missing. @default 'reports' in the CLI */
  readonly parentFolder: string
  /** Its start, from `base/clock`. */
  readonly startedAt: Date
  /** Ends the folder's name. @default none */
  readonly scenario?: string
}

/**
 * The folder of one measurement: `<parent>/<UTC start>-<kind>-<scenario>/`, always a new one. Every file is replaced as a
 * whole, so a reader, or a crash, finds the previous version or the new one and never a part.
 */
export class MeasurementFolder<Content extends object> {
  readonly path: string
  readonly kind: KindName

  private constructor(kind: KindName, path: string) {
    this.kind = kind
    this.path = path
  }

  /** Makes the folder, before anything is measured. @throws a usage error when it cannot be written. */
  static create<Content extends object>(
    kind: KindName,
    { parentFolder, startedAt, scenario = '' }: FolderPlace,
  ): MeasurementFolder<Content> {
    const name = [KINDS[kind].prefix, scenario].filter((part) => part !== '').join('-')
    return new MeasurementFolder(kind, makeNewFolder(parentFolder, startedAt, name))
  }

  /** One that is there already, to go on with what it holds. */
  static at<Content extends object>(kind: KindName, path: string): MeasurementFolder<Content> {
    return new MeasurementFolder(kind, path)
  }

  /** Makes `<folder>/<name>/` inside a folder that is a new one itself. @throws a usage error when it cannot be written. */
  static inside<Content extends object>(
    folder: string,
    kind: KindName,
    name: string,
  ): MeasurementFolder<Content> {
    const path = join(folder, fileNameFor(name))
    try {
      mkdirSync(path)
    } catch (error) {
      throw folderFailure(path, error)
    }
    return new MeasurementFolder(kind, path)
  }

  /** Path of its figures. */
  get filePath(): string {
    return join(this.path, KINDS[this.kind].file)
  }

  /** Path of what to look at, for the CLI to print: its page, or its figures where there is none. */
  get shownPath(): string {
    return join(this.path, KINDS[this.kind].page ?? KINDS[this.kind].file)
  }

  /**
   * Saves the figures, then further files beside them, replacing an earlier state of them. Synchronous, milliseconds: call it
   * between trials only. @throws a run error, e.g. when the disk is full; the previous files are kept then.
   */
  save(content: Content, more: readonly ExportFile[] = []): void {
    this.#replace(KINDS[this.kind].file, `${JSON.stringify(content, undefined, 1)}\n`)
    for (const { name, content: text } of more) this.#replace(name, text)
  }

  /** Saves the page of a kind that has one. @throws like `save`. */
  savePage(html: string): void {
    const { page } = KINDS[this.kind]
    if (page === null) throw new TypeError(`kind has no page: kind=${this.kind}`)
    this.#replace(page, html)
  }

  /** Removes the folder again, when nothing was saved in it: what was refused leaves nothing behind. */
  discardIfEmpty(): void {
    try {
      rmdirSync(this.path)
    } catch {
      // Not empty: what is in it is kept.
    }
  }

  #replace(name: string, content: string): void {
    replaceFile(KINDS[this.kind].thing, join(this.path, name), content)
  }
}
