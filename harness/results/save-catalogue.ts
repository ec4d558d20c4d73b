import { join } from 'node:path'
import type { Catalogue } from './catalogue.ts'
import { makeNewFolder } from './new-folder.ts'
import { replaceFile } from './replace-file.ts'
import { ReportFolder } from './save.ts'

const CATALOGUE_FILE = 'catalogue.json'
const INDEX_FILE = 'index.html'

/**
 * The folder of several runs, `<parent>/<UTC start>-catalogue/`, always a new one: the index, and a folder for the report
 * of each scenario. Every file is replaced as a whole.
 */
export class CatalogueFolder {
  readonly path: string

  /** Makes the folder, before anything is measured. @throws a usage error when it cannot be written. */
  constructor(parentFolder: string, startedAt: Date) {
    this.path = makeNewFolder(parentFolder, startedAt, 'catalogue')
  }

  /** Path of `index.html`, for the CLI to print. */
  get indexPath(): string {
    return join(this.path, INDEX_FILE)
  }

  /** Makes the folder of one scenario's report. @throws a usage error when it cannot be written. */
  reportFolder(scenario: string): ReportFolder {
    return ReportFolder.inside(this.path, scenario)
  }

  /** Saves `catalogue.json` and the page made of it, a few milliseconds: call it between runs only. @throws a run error. */
  save(catalogue: Catalogue, page: string): void {
    const text = `${JSON.stringify(catalogue, undefined, 1)}\n`
    replaceFile('catalogue', join(this.path, CATALOGUE_FILE), text)
    replaceFile('catalogue', this.indexPath, page)
  }
}
