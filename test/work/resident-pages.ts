import { closeSync, openSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'

interface Koffi {
  load(path: string): { func(signature: string): (...values: readonly unknown[]) => unknown }
}

const PROT_READ = 1
const MAP_SHARED = 1

/** Pages of a file that are in the kernel's page cache: mincore(2). */
export function residentPages(path: string, pageBytes: number): number {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi
  const library = koffi.load('libc.so.6')
  const map = library.func(
    'uintptr_t mmap(uintptr_t address, size_t length, int prot, int flags, int fd, int64_t offset)',
  )
  const resident = library.func('int mincore(uintptr_t address, size_t length, void *vector)')
  const unmap = library.func('int munmap(uintptr_t address, size_t length)')
  const { size } = statSync(path)
  const descriptor = openSync(path, 'r')
  const address = map(0, size, PROT_READ, MAP_SHARED, descriptor, 0)
  const vector = new Uint8Array(Math.ceil(size / pageBytes))
  const failed = resident(address, size, vector) !== 0
  unmap(address, size)
  closeSync(descriptor)
  if (failed) throw new Error('mincore failed')
  return vector.reduce((sum, flags) => sum + (flags & 1), 0)
}
