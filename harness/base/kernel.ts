import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The C library's functions, called by koffi; a call takes about 0.3 µs. */
export interface CLibrary {
  /** @param signature in C, e.g. `int getppid()`. @throws when the library has no such function. */
  func(signature: string): (...values: readonly unknown[]) => number
  /** Of a buffer's first byte; it stays where it is. */
  addressOf(buffer: ArrayBuffer): bigint
}

interface Koffi {
  load(path: string): Pick<CLibrary, 'func'>
  address(value: ArrayBuffer): bigint
}

/**
 * What is made of the C library's functions; about 10 ms. Null off Linux, where koffi is missing, and where making it failed.
 */
export function fromCLibrary<Made>(make: (library: CLibrary) => Made): Made | null {
  if (process.platform !== 'linux') return null
  try {
    // Required at run time, so that a machine without the native module can still run.
    const koffi = createRequire(import.meta.url)('koffi') as Koffi
    const library = koffi.load('libc.so.6')
    return make({
      func: (signature) => library.func(signature),
      addressOf: (buffer) => koffi.address(buffer),
    })
  } catch {
    return null
  }
}

/** The text of a file of /proc or /sys without the white space around it; null where there is none. About 20 µs. */
export function readKernelText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
