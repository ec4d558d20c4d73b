import { createHash } from 'node:crypto'
import { type Markup, trusted } from './markup.ts'

/** A script or style sheet inside the page, with the name by which the content security policy allows it. */
export interface InlineSource {
  readonly element: Markup
  readonly policyHash: string
}

/** Our own script as an element. */
export function inlineScript(source: string): InlineSource {
  return inline('script', source)
}

/** Our own style sheet as an element. */
export function inlineStyle(source: string): InlineSource {
  return inline('style', source)
}

/** Made here and not in a template: the hash is of every character between the tags, spaces included. */
function inline(tag: 'script' | 'style', source: string): InlineSource {
  if (/<\/(?:script|style)|<!--/i.test(source)) {
    throw new Error(`inline source would end its own element: tag=${tag}`)
  }
  return {
    element: trusted(`<${tag}>${source}</${tag}>`),
    policyHash: `'sha256-${createHash('sha256').update(source).digest('base64')}'`,
  }
}
