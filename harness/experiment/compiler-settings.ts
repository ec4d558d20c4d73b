import { setFlagsFromString } from 'node:v8'

/*
 * V8 compiles a function with its best compiler after 3,000 calls, and inlines up to 920 bytecodes into it. A server
 * thread calls its inner functions once per batch, so in a warm-up of half a second it would not get there: trials would
 * measure half-compiled code, the staged server's most, since each of its threads compiles its own. (Measured on two cores
 * with a warm-up of 0.5 s: p99.9 at saturation 1.9–3.5 ms with V8's defaults, 0.2–0.4 ms with these, for sharded; capacity
 * of fused + 10 %.)
 */
const SETTINGS = [
  '--invocation-count-for-maglev=40',
  '--invocation-count-for-turbofan=200',
] as const

/** Sets V8's thresholds for all threads that start afterwards: the same for both architectures and the inline ceiling. */
export function applyCompilerSettings(): void {
  for (const setting of SETTINGS) setFlagsFromString(setting)
}
