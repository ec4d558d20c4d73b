import type { Command } from 'commander'
import { requireName } from '../base/text.ts'
import { indented, paintFor, type TerminalOptions, textColumns } from '../render/terminal/text.ts'
import { GLOSSARY, type GlossaryWord } from '../words/glossary.ts'
import { stdoutOptions } from './output.ts'

const NOTES = `
Without a word it lists all that it knows. A word of several needs no quotes.

Examples:
  crossover explain
  crossover explain pair
  crossover explain saturated throughput`

/** `crossover explain`: what a word of the reports means. */
export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description('explain a word of reports and of the method: pair, gate, Holm, goodput …')
    .argument('[word...]', 'the word; without one all are listed')
    .addHelpText('after', NOTES)
    .action((typed: readonly string[]) => {
      const word = typed.join(' ')
      console.log(word === '' ? listed(stdoutOptions()) : explained(word, stdoutOptions()))
    })
}

const WORDS = Object.keys(GLOSSARY) as readonly GlossaryWord[]

function listed(options: TerminalOptions): string {
  const names = WORDS.filter((word) => /^\p{L}/u.test(word)).toSorted((a, b) =>
    a.localeCompare(b, 'en'),
  )
  return `${indented(names.join(', '), textColumns(options))}\n\ncrossover explain <word> says what one means.`
}

/** @throws CrossoverError of kind `usage` for a word that it does not know, with the one that was probably meant. */
function explained(typed: string, options: TerminalOptions): string {
  const isMeant = (word: string): boolean => word.toLowerCase() === typed.toLowerCase()
  const word = requireName(WORDS.find(isMeant) ?? typed, WORDS, 'explain', 'word')
  const text = indented(`${GLOSSARY[word]}.`, textColumns(options))
  return `${paintFor(options)('bold', word)}\n${text}`
}
