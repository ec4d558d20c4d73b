import type { Readable, Writable } from 'node:stream'
import { select, text } from '@clack/prompts'
import { runError } from '../base/errors.ts'
import { describeParameter, parseParameters } from '../experiment/parse-parameters.ts'
import { NEW_QUESTIONS, type NewQuestion } from './new-questions.ts'

/** Where questions go and answers come from. */
export interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

/**
 * Asks what is not given yet and matters, one question after the other; Enter takes the default.
 * @param given answers by flag, as texts; @returns them and the others.
 * @throws CrossoverError of kind `run` when the user breaks off.
 */
export async function askQuestions(
  given: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = { ...given }
  for (const [flag, question] of Object.entries<NewQuestion>(NEW_QUESTIONS)) {
    if (answers[flag] !== undefined || question.matters?.(answers) === false) continue
    const answer = await ask(flag, question, terminal)
    // A symbol stands for a cancelled prompt.
    if (typeof answer === 'symbol') {
      throw runError('interrupted', 'broken off: nothing was written', 'begin again, or use --yes')
    }
    answers[flag] = answer
  }
  return answers
}

function ask(
  flag: string,
  { question: message, spec, meanings = [] }: NewQuestion,
  terminal: Terminal,
): Promise<string | symbol> {
  if (spec.kind === 'choice') {
    const options = spec.choices.map((value, index) => ({ value, label: meanings[index] ?? value }))
    return select<string>({ ...terminal, message, options, initialValue: spec.default })
  }
  const byDefault = String(spec.default)
  return text({
    ...terminal,
    message,
    placeholder: byDefault,
    defaultValue: byDefault,
    validate: (answer) => faultOf(flag, spec, answer),
  })
}

/** What is wrong with an answer; undefined for a right one, and for none, which is the default. */
function faultOf(
  flag: string,
  spec: NewQuestion['spec'],
  answer: string | undefined,
): string | undefined {
  if (answer === undefined || answer === '') return undefined
  try {
    parseParameters({ [flag]: spec }, { [flag]: answer.trim() }, 'new')
    return undefined
  } catch {
    return describeParameter(spec)
  }
}
