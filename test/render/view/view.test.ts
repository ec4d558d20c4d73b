import { expect, test } from 'vitest'
import { sectionMarkup } from '../../../harness/render/view/page.ts'
import { terminalView } from '../../../harness/render/view/terminal.ts'
import {
  type Block,
  tableBlock,
  type TextBlock,
  type Told,
  type ViewTable,
} from '../../../harness/render/view/view.ts'
import { readable } from '../page-text.ts'

const NARROW = { color: false, columns: 72 }

function line(text: string, rest: Partial<TextBlock> = {}): TextBlock {
  return { kind: 'text', text, ...rest }
}

function told(...blocks: readonly Block[]): Told {
  const sections = [{ title: 'Parts', blocks }]
  return { answer: 'Yes.', partial: null, marked: null, further: [], sections, warnings: [] }
}

function rows(columns: ViewTable['columns'], widestLabel = 20): Block {
  const cells = columns.map(() => '1.00× (0.90–1.10)')
  return tableBlock({
    caption: null,
    corner: 'x',
    widestLabel,
    columns,
    rows: [['a', ...cells]],
    narrowBelow: 96,
  })
}

test('lines stand as far in as they say, their first one and the others', () => {
  const text = 'word '.repeat(20).trim()
  const view = told(line(text, { indent: 2 }), line(text, { indent: 0, hanging: 4 }))
  const [first, second, third, fourth] = terminalView(view, NARROW).split('\n').slice(3)
  expect([first, second, third, fourth].map((line) => line!.search(/\S/))).toEqual([2, 2, 0, 4])
})

test('a block without lines and title is nothing', () => {
  const view = { ...told(), sections: [{ title: null, blocks: [] }] }
  expect(terminalView(view, NARROW)).toBe('Yes.')
})

test('tones are colours, and only where there are colours', () => {
  const view = told(line('failed', { tone: 'alarm' }))
  expect(terminalView(view, { color: true, columns: 72 })).toContain('\u001B[31m  failed')
  expect(terminalView(view, NARROW)).toContain('\n  failed')
})

test('columns without a width share what the labels leave', () => {
  const [heading] = terminalView(told(rows([{ heading: 'one' }, { heading: 'two' }])), NARROW)
    .split('\n')
    .slice(3)
  expect(heading!.indexOf('one') + 'one'.length).toBe(20 + 26)
  expect(heading!.indexOf('two') + 'two'.length).toBe(20 + 52)
})

test('a brief column leaves intervals out on a narrow terminal, and nowhere else', () => {
  const view = told(rows([{ heading: 'p99', width: 24, isBriefWhereNarrow: true }]))
  expect(terminalView(view, NARROW)).not.toContain('0.90')
  expect(terminalView(view, { color: false, columns: 100 })).toContain('1.00× (0.90–1.10)')
})

test('a page has its lines and tables in their order, too', () => {
  const { sections } = told(line('before'), rows([{ heading: 'one' }]), line('behind'))
  const page = readable(sections.map((section) => sectionMarkup(section).text).join(''))
  expect(page).toMatch(/^ ?Parts\nbefore\nParts by x\n ?x one\na 1\.00× .*\nbehind$/)
})
