import { registerHooks } from 'node:module'

/** What node takes a `.ts` file for when no package.json calls it a module. */
const OTHER_FORMATS: ReadonlySet<unknown> = new Set(['commonjs-typescript', null, undefined])

let isRegistered = false

/**
 * Makes `import 'crossover'` mean this package in every module that the calling thread imports from now on, wherever
 * the module lies. Each thread that imports a scenario calls it first: hooks hold for their own thread only.
 */
export function registerCrossoverName(): void {
  if (isRegistered) return
  isRegistered = true
  registerHooks({
    resolve(specifier, context, nextResolve) {
      // Asked for by this file, the package's own name leads to its "exports".
      const parent = specifier === 'crossover' ? { parentURL: import.meta.url } : {}
      const resolved = nextResolve(specifier, { ...context, ...parent })
      // A scenario is an ES module, also below a package.json that says "commonjs" or, as node then warns, nothing.
      const isForced = OTHER_FORMATS.has(resolved.format) && resolved.url.endsWith('.ts')
      return isForced ? { ...resolved, format: 'module-typescript' } : resolved
    },
  })
}
