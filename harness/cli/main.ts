#!/usr/bin/env node
import { refuseOldNode } from './node-version.ts'

refuseOldNode(process.versions.node)
// Only now: an older node would fail while it links the rest, with a stack that says nothing.
const { runProgram } = await import('./program.ts')
process.exitCode = await runProgram(process.argv.slice(2))
