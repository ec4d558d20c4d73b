import { createRequire } from 'node:module'

/** Two functions of the C library that take nothing and do next to nothing; `enters` makes a system call, `stays` none. */
export interface SystemCall {
  /** `getppid`: the C library keeps no copy of it, every call enters the kernel. */
  readonly enters: () => number
  /** `getpagesize`: known to the process since its start. What both cost is the way through koffi, some 300 ns. */
  readonly stays: () => number
}

interface Koffi {
  load(path: string): { func(signature: string): () => number }
}

/** Loads both by koffi, for the calling thread; null off Linux and where koffi is missing. About 10 ms. */
export function loadSystemCall(): SystemCall | null {
  if (process.platform !== 'linux') return null
  try {
    // Required at run time, so that a machine without the native module can still run.
    const koffi = createRequire(import.meta.url)('koffi') as Koffi
    const library = koffi.load('libc.so.6')
    return { enters: library.func('int getppid()'), stays: library.func('int getpagesize()') }
  } catch {
    return null
  }
}
