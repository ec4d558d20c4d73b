import type { Command } from 'commander'
import type { Told } from '../render/view/view.ts'
import { KIND_NAMES, type KindName, KINDS } from '../results/kinds.ts'

/** What the file of a command that measures exports as `command`. */
export interface MeasuringCommand {
  /** Declares it. @param args the command line */
  readonly add: (program: Command, args: readonly string[]) => void
  /** What is told of a saved measurement; null where its row of an index is of another make. */
  readonly view: ((content: never) => Told) | null
}

/** All commands that measure, in the order of the kinds. */
export function measuringCommands(): Promise<readonly MeasuringCommand[]> {
  const names = new Set(KIND_NAMES.map((kind) => KINDS[kind].command))
  return Promise.all([...names].map(load))
}

/** The command that measures a kind. */
export function commandOf(kind: KindName): Promise<MeasuringCommand> {
  return load(KINDS[kind].command)
}

/** A command's name is its address: a new one is entered in no list but that of the kinds. */
async function load(name: string): Promise<MeasuringCommand> {
  const module = (await import(new URL(`${name}.ts`, import.meta.url).href)) as {
    readonly command: MeasuringCommand
  }
  return module.command
}
