import { expect, test } from 'vitest'
import { html, scriptJson } from '../../../harness/render/page/document.ts'

test('inserted texts are escaped, markup and numbers are not', () => {
  const text = `<b>&"'`
  expect(html`<p title="${text}">${text}${html`<i>${1}</i>`}${null}</p>`.text).toBe(
    '<p title="&lt;b&gt;&amp;&quot;&#39;">&lt;b&gt;&amp;&quot;&#39;<i>1</i></p>',
  )
})

test('JSON cannot end its script element and still says the same', () => {
  const value = { label: '</script><!--<script>' }
  expect(scriptJson(value).text).not.toContain('<')
  expect(JSON.parse(scriptJson(value).text)).toEqual(value)
})
