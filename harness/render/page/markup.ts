const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** HTML that is safe to insert: only `html` and `trusted` make it. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Insertable = Markup | string | number | null | readonly Markup[]

/** A template whose inserted texts are escaped, in content and in quoted attributes; `null` inserts nothing. */
export function html(strings: TemplateStringsArray, ...inserted: readonly Insertable[]): Markup {
  const parts = strings.map((part, index) => part + textOf(inserted[index] ?? null))
  return new Markup(parts.join(''))
}

/** Our own text, such as a style sheet, as it is. Never for anything that comes from a report. */
export function trusted(text: string): Markup {
  return new Markup(text)
}

/** JSON for the content of a script element: no `<` is left that could end it or begin a comment. */
export function scriptJson(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', String.raw`\u003c`))
}

function textOf(inserted: Insertable): string {
  if (inserted === null) return ''
  if (inserted instanceof Markup) return inserted.text
  if (typeof inserted === 'object') return inserted.map((markup) => markup.text).join('\n')
  return String(inserted).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
