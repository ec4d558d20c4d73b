import { expect, test } from 'vitest'
import { paintFor } from '../../../harness/render/terminal/text.ts'
import { markdownView } from '../../../harness/render/view/markdown.ts'
import {
  chartsOf,
  contents,
  foldedSection,
  packedIn,
  pageView,
  sectionMarkup,
} from '../../../harness/render/view/page.ts'
import { sweepView } from '../../../harness/render/sweep/view.ts'
import { terminalSections } from '../../../harness/render/view/terminal.ts'
import { type Section, textBlock, type ViewTable } from '../../../harness/render/view/view.ts'
import { sampleSweep } from '../sample-sweep.ts'

const table: ViewTable = {
  caption: 'All of them',
  corner: 'kind',
  widestLabel: 10,
  columns: [
    { heading: 'a long heading', shortHeading: 'short', width: 10 },
    { heading: 'one', arm: 'first' },
    { heading: 'two', arm: 'second', widest: 8 },
  ],
  rows: [
    ['first', '1', '2', '3'],
    ['second', '4', '5', '6'],
  ],
  judged: ['second'],
}
const section: Section = {
  id: 'every',
  title: 'Every Kind',
  blocks: [
    { kind: 'text', text: 'A <b>sentence</b>.' },
    { kind: 'text', label: 'Outcome', text: 'known.', tone: 'strong' },
    { kind: 'heading', text: 'Below' },
    {
      kind: 'list',
      items: ['plain', { label: '20%', arm: 'first', text: 'faster', besides: ['beside'] }],
    },
    { kind: 'tables', tables: [table], note: 'signs' },
    {
      kind: 'doubts',
      items: [
        { weight: 'void', text: 'wrong' },
        { weight: 'warning', text: 'noisy', cure: 'wait' },
      ],
    },
    { kind: 'code', text: 'crossover run' },
    { kind: 'terms', entries: [['seed', '42']] },
    { kind: 'folded', summary: 'more', blocks: [{ kind: 'text', text: 'inner' }] },
    {
      kind: 'chart',
      legend: [{ text: 'staged', arm: 'first' }],
      note: null,
      description: 'a picture',
      data: { elementId: 'chart-1' },
      draw: function drawNothing() {
        return { option: {}, stops: [] }
      },
      text: () => '~~~',
    },
    {
      kind: 'download',
      files: [{ file: 'report.json', text: 'report.json (1 kB)', base64: 'AAAA' }],
    },
  ],
}
const empty: Section = { title: 'Nothing', blocks: [{ kind: 'doubts', items: [] }] }

test('a terminal has every kind of block, below its title', () => {
  const text = terminalSections([section, empty], { color: false, columns: 72 })
  expect(text).toMatchInlineSnapshot(`
    "Every Kind
      A <b>sentence</b>.
      Outcome: known.
    Below
      plain
    20%  faster
         beside
     kind          short                       one     two
     first             1                         2       3
     second ←          4                         5       6
    signs
    void: wrong
    warning: noisy
      → wait
      crossover run
      seed: 42
    ~~~"
  `)
})

test('beside a label that leaves no room for it a text stands below', () => {
  const label = `40k/s, staged:layout=fused:${'controllers=batch:'.repeat(3)}batch=8`
  const items = [{ label, text: 'of 40k/s asked 98% useful', besides: ['as before'] }, 'all rounds']
  const list: Section = { id: 'l', title: 'Useful answers', blocks: [{ kind: 'list', items }] }
  const lines = terminalSections([list], { color: false, columns: 80 }).trimEnd().split('\n')
  expect(lines.every((line) => line.length <= 80)).toBe(true)
  expect(lines.slice(-3)).toEqual(['  of 40k/s asked 98% useful', '  as before', '  all rounds'])
})

test('on a terminal arms and judged rows stand out, line by line', () => {
  const text = terminalSections([section], { color: true, columns: 72 })
  const paint = paintFor({ color: true, columns: 72 })
  for (const part of [paint('cyan', 'one'), paint('yellow', 'two'), paint('bold', 'second ←')])
    expect(text).toContain(part)
})

test('Markdown has every kind of block but pictures, and escapes all of them', () => {
  const head = { title: 'kv', eyebrow: '', answer: 'sure', question: 'Why?', further: [null] }
  const text = markdownView({ ...head, partial: 'partial', marked: null }, [section, empty])
  expect(text).toMatchInlineSnapshot(`
    "## kv

    **sure**

    > [!WARNING]
    > partial

    Why?

    ### Every Kind

    A \\<b\\>sentence\\</b\\>.

    **Outcome**: known.

    #### Below

    - plain
    - **20%**: faster

    | kind | a long heading | one | two |
    | :-- | --: | --: | --: |
    | first | 1 | 2 | 3 |
    | second ← | 4 | 5 | 6 |

    signs

    - **void** wrong
    - **warning** noisy → wait

    \`\`\`sh
    crossover run
    \`\`\`

    - **seed**: 42
    "
  `)
})

test('a page has every kind of block, as text, and its script what it draws', () => {
  const page = sectionMarkup(section).text
  for (const part of [
    '<section id="every">',
    '<h2>Every Kind</h2>',
    '<p>A &lt;b&gt;sentence&lt;/b&gt;.</p>',
    '<p><strong>Outcome</strong>: known.</p>',
    '<strong class="first">20%</strong>: faster<br /><span class="muted">beside</span>',
    'second ←',
    '<span class="muted">Cure: wait.</span>',
    '<summary>more</summary>',
    'aria-label="a picture"',
    'report.json (1 kB)</button',
  ]) {
    expect(page).toContain(part)
  }
  expect(chartsOf([section]).map(({ draw }) => draw.name)).toEqual(['drawNothing'])
  expect(packedIn([section])).toEqual([{ file: 'report.json', base64: 'AAAA' }])
  expect(contents([section, empty]).text.match(/<a [^>]*>[^<]*/g)).toEqual([
    '<a href="#every">every Kind',
  ])
})

test('a title tells the only table of its section, captions tell several', () => {
  const options = { color: false, columns: 72 }
  const one: Section = { title: 'One', blocks: [{ kind: 'tables', tables: [table], note: null }] }
  const two: Section = {
    title: 'Two',
    blocks: [{ kind: 'tables', tables: [table, { ...table, caption: 'Others' }], note: null }],
  }
  expect(terminalSections([one], options)).not.toContain('All of them')
  expect(terminalSections([two], options)).toMatch(/All of them[^]*Others/)
})

test('a page shows the first of many warnings, and the others behind a summary', () => {
  const warnings = Array.from({ length: 6 }, (_, index) => ({
    code: 'load-average',
    message: `doubt ${index}`,
    cure: 'wait',
  }))
  const shown = pageView({ ...sweepView(sampleSweep()), warnings })
  const [before, behind] = shown.split('<summary>Show 2 more</summary>')
  expect(before).toContain('doubt 3')
  expect(before).not.toContain('doubt 4')
  expect(behind).toContain('doubt 5')
})

test('blocks that have summaries of their own are not folded once more', () => {
  const folded = [1, 2].map((index) => ({
    kind: 'folded' as const,
    summary: `claim ${index}`,
    blocks: [textBlock('figures')],
  }))
  expect(foldedSection({ title: 'Claim by claim', blocks: folded })).toEqual({
    title: 'Claim by claim',
    blocks: folded,
  })
})
