import { enableCompileCache } from 'node:module'

/*
 * A server with threads for calls that block has dozens of them, and each would strip and compile the same hundred files
 * anew: about 60 ms of CPU time per thread, 20 ms with node's cache of compiled code, which is beside the system's temporary
 * files and is keyed by the files' contents. Enabled before anything else is imported.
 */
enableCompileCache()
await import('./server-thread.ts')
