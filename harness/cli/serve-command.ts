import type { Command } from 'commander'
import { executeServe } from './execute-serve.ts'
import { cpusOption, paramOption, wholeNumber } from './options.ts'
import type { ServeFlags } from './serve-flags.ts'

const NOTES = `
Routes of kv-update:
  GET /kv/<key>   the value; PUT /kv/<key> replaces it. Keys are user0000aaaaaaaa to user0000aaabigjp: user0000 and the
                  key's number in base 16, digits a to p; a value has up to 92 bytes
  GET /healthz    ok
  GET /stats      counters as JSON

Ctrl-C answers what is in flight and ends it.

Examples:
  crossover serve sharded
  crossover serve staged:layout=fused --port 9000
  crossover serve sharded --scenario http-plaintext --cpus 0-1`

/** `crossover serve`: one architecture as an HTTP server, for other programs. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run one architecture as an HTTP server, for curl, wrk, k6 or a debugger')
    .argument('<arm>', 'architecture[:option=value…], e.g. staged, sharded, staged:layout=fused')
    .option(
      '--port <number>',
      'TCP port, shared by all of the server’s ports; 0 for any that is free',
      wholeNumber('--port', { minimum: 0, maximum: 65_535 }),
      8_080,
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--scenario <name>',
      'what is served: a name or the path of a scenario file',
      'kv-update',
    )
    .addOption(paramOption())
    .addOption(cpusOption())
    .addHelpText('after', NOTES)
    .action(async (arm: string, flags: ServeFlags) => {
      await executeServe(arm, flags)
    })
}
