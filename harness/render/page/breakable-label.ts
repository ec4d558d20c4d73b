import { html, type Markup } from './markup.ts'

/** A label such as `staged:layout=fused,batch=1` that a narrow place breaks behind its signs and not within its words. */
export function breakableLabel(label: string): Markup {
  return label
    .split(/(?<=[:=,])(?=\S)/)
    .map((piece) => html`${piece}`)
    .reduce((before, piece) => html`${before}<wbr />${piece}`)
}
