import type { Clock } from '../base/clock.ts'
import { NS_PER_US } from '../base/units.ts'

/*
 * The burn as a WebAssembly module, so that every thread runs the same machine code from its first request on: threads
 * share a module's code, optimised since the run calibrated it. As JavaScript each new thread had to warm it up by itself,
 * for the first 0.7 s at two thirds of the speed or a third of it: longer than a short warm-up.
 *
 *   (global $sink (mut i32) (i32.const 1))
 *   (func (export "burn") (param $count i32) (local $state i32) (local $i i32)
 *     $state = $sink | 1
 *     while ($i < $count) { $state = ($state * 0x9e3779b1) ^ $i; $i = $i + 1 }
 *     $sink = $state)
 */
const CODE = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    // Types: one, i32 → nothing. Functions: one of it.
    [0x01, 0x05, 0x01, 0x60, 0x01, 0x7f, 0x00, 0x03, 0x02, 0x01, 0x00],
    // Globals: one, mutable, 1.
    [0x06, 0x06, 0x01, 0x7f, 0x01, 0x41, 0x01, 0x0b],
    // Exports: function 0 as "burn".
    [0x07, 0x08, 0x01, 0x04, 0x62, 0x75, 0x72, 0x6e, 0x00, 0x00],
    // Code: one body of 51 bytes, two locals of i32.
    [0x0a, 0x35, 0x01, 0x33, 0x01, 0x02, 0x7f],
    // state = sink | 1
    [0x23, 0x00, 0x41, 0x01, 0x72, 0x21, 0x01],
    // block, loop: leave when i >= count
    [0x02, 0x40, 0x03, 0x40, 0x20, 0x02, 0x20, 0x00, 0x4e, 0x0d, 0x01],
    // state = (state * 0x9e3779b1) ^ i
    [0x20, 0x01, 0x41, 0xb1, 0xf3, 0xdd, 0xf1, 0x79, 0x6c, 0x20, 0x02, 0x73, 0x21, 0x01],
    // i = i + 1, and again
    [0x20, 0x02, 0x41, 0x01, 0x6a, 0x21, 0x02, 0x0c, 0x00, 0x0b, 0x0b],
    // sink = state
    [0x20, 0x01, 0x24, 0x00, 0x0b],
  ].flat(),
)

type Burn = (count: number) => void

let ownModule: WebAssembly.Module | undefined
let burn: Burn | undefined

function instantiate(module: WebAssembly.Module): Burn {
  return new WebAssembly.Instance(module).exports['burn'] as Burn
}

/** The module of this thread's burn, for the threads that it starts: they share its code. */
export function burnModule(): WebAssembly.Module {
  ownModule ??= new WebAssembly.Module(CODE)
  return ownModule
}

/** Makes this thread burn with another thread's module. Before its first burn. */
export function shareBurn(module: WebAssembly.Module): void {
  ownModule = module
  burn = instantiate(module)
}

/** CPU work that no compiler removes and that touches no memory: a chain of dependent multiplications. */
export function burnIterations(count: number): void {
  burn ??= instantiate(burnModule())
  burn(count)
}

const CALIBRATION_ITERATIONS = 200_000
const CALIBRATION_ROUNDS = 30

/**
 * Iterations of `burnIterations` that take a microsecond on this processor: the fastest of 30 rounds, since every
 * disturbance makes a round slower. About 10 ms.
 */
export function calibrateBurn(clock: Clock): number {
  let fastestNs = Number.POSITIVE_INFINITY
  for (let round = 0; round < CALIBRATION_ROUNDS; round++) {
    const startNs = clock.nowNs()
    burnIterations(CALIBRATION_ITERATIONS)
    fastestNs = Math.min(fastestNs, clock.nowNs() - startNs)
  }
  return (CALIBRATION_ITERATIONS * NS_PER_US) / fastestNs
}
