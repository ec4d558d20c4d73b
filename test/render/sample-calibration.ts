import { judgeSwitching, rowsOf } from '../../harness/experiment/calibrate/figures.ts'
import type { Calibration } from '../../harness/results/calibrate.ts'
import { around, figuresOf } from '../experiment/calibrate/figures-of.ts'
import { sampleReport } from './sample-report.ts'

/** A calibration of a quiet machine with two processors. */
export function sampleCalibration(): Calibration {
  const figures = figuresOf({
    'clock-reading': around(35, 25),
    'histogram-record': around(5.1, 25),
    'mutex-uncontended': around(19, 25),
    'ring-push-pop': around(23, 25),
    'queue-push-pop': around(87, 25),
    callback: around(2.6, 25),
    'generator-switch': around(7.8, 25),
    'microtask-switch': around(18, 25),
    'system-call': around(156, 25),
    'minor-page-fault': around(1_180, 25),
    'mutex-contended': around(47, 13),
    'ring-spinning': around(130, 13),
    'queue-spinning': around(490, 13),
    'queue-parking': around(42_000, 13),
    'thread-hop': around(41_000, 13),
    'thread-switch': around(3_800, 13),
    'message-port': around(44_000, 13),
    'wait-async': around(42_000, 13),
    'timer-lateness': around(22_500, 13),
  })
  return {
    schemaVersion: 1,
    complete: true,
    ending: null,
    startedAt: '2026-11-22T19:53:58.000Z',
    elapsedSeconds: 19.4,
    command: 'npx crossover calibrate',
    cpus: [0, 1],
    environment: sampleReport().environment,
    rows: rowsOf(figures, 2),
    claims: [judgeSwitching(figures)],
    warnings: [],
  }
}

/** A calibration of one processor without koffi that was stopped in its first round over two threads. */
export function troubledCalibration(): Calibration {
  const figures = figuresOf({
    'clock-reading': around(35, 7),
    'mutex-uncontended': around(19, 7),
    callback: around(2.6, 7),
    'generator-switch': around(900, 7),
    'thread-hop': [12_000],
  })
  figures.setAbsent('system-call', 'needs Linux and the optional package koffi')
  for (const name of ['mutex-contended', 'ring-spinning', 'queue-spinning'] as const)
    figures.setAbsent(name, 'needs two processors')
  return {
    ...sampleCalibration(),
    complete: false,
    cpus: [3],
    rows: rowsOf(figures, 1),
    claims: [judgeSwitching(figures)],
    warnings: [
      {
        code: 'one-processor',
        message: 'with one processor nothing can spin, and every hop is a switch on it',
        cure: 'give it two processors, e.g. --cpus 0,1',
      },
    ],
  }
}
