import { enableCompileCache } from 'node:module'

/*
 * One server of one round: a process of its own, so that each round has its own heap, hash seed, memory layout and helper
 * threads, and a parked server can be stopped as a whole. Started with node's
 * cache of compiled code, which is to be enabled before anything else is imported.
 */
enableCompileCache()
await import('./serve-orders.ts')
