import { vi } from 'vitest'
import { runProgram } from '../../harness/cli/program.ts'

/** What a command ended with. */
export interface Ending {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs the command line in this process, as if it had been started in the folder, and keeps what it prints: a process of its
 * own takes a hundred times as long. For commands that start no threads.
 */
export async function runHere(folder: string, args: readonly string[]): Promise<Ending> {
  let stdout = ''
  let stderr = ''
  const spies = [
    vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => ((stdout += String(text)), true)),
    vi
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => ((stderr += String(text)), true)),
    vi.spyOn(console, 'log').mockImplementation((text) => void (stdout += `${text}\n`)),
    vi.spyOn(console, 'error').mockImplementation((text) => void (stderr += `${text}\n`)),
  ]
  const startedIn = process.cwd()
  const streams = [process.stdout, process.stderr]
  const listeners = streams.map((stream) => stream.listeners('error'))
  process.chdir(folder)
  try {
    const code = await runProgram(args)
    return { code, stdout, stderr }
  } finally {
    process.chdir(startedIn)
    for (const spy of spies) spy.mockRestore()
    // Each program listens to its process's streams and never has to stop.
    for (const [index, stream] of streams.entries()) {
      for (const listener of stream.listeners('error'))
        if (!listeners[index]!.includes(listener)) stream.off('error', listener as () => void)
    }
  }
}
