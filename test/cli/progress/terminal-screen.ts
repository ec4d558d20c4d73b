/** A row of the screen; `goesOn` when its text went over the last column and the next row continues it. */
interface Row {
  text: string
  goesOn: boolean
}

const ESCAPE = '\u001B'
const SEQUENCE = new RegExp(`^${ESCAPE}\\[(\\??)([\\d;]*)([A-Za-z])`)

/**
 * A terminal's screen without a lower end: what a reader sees of the bytes that were written. Narrowing it breaks long
 * lines anew, as most terminals do. A sequence that it does not know is an error.
 */
export class TerminalScreen {
  columns: number
  rows: number
  readonly isTTY = true
  isCursorVisible = true
  /** Everything that was written. */
  written = ''
  #screen: Row[] = [{ text: '', goesOn: false }]
  #row = 0
  #column = 0

  constructor(columns: number, rows = 24) {
    this.columns = columns
    this.rows = rows
  }

  /** The lines that are on the screen, without blanks at their ends, up to the last one with text. */
  get lines(): readonly string[] {
    const lines = this.#screen.map(({ text }) => text.trimEnd())
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
  }

  write(text: string): boolean {
    this.written += text
    for (let at = 0; at < text.length;) {
      const sequence = SEQUENCE.exec(text.slice(at))
      if (sequence === null) this.#put(text.charAt(at))
      else this.#obey(sequence)
      at += sequence?.[0].length ?? 1
    }
    return true
  }

  /** The user makes the window narrower or wider. */
  resize(columns: number): void {
    const before = this.#screen
    let at = this.#column
    for (let row = this.#row - 1; before[row]?.goesOn === true; row--)
      at += before[row]!.text.length
    const cursorLine = before.slice(0, this.#row).filter(({ goesOn }) => !goesOn).length
    const lines: string[] = []
    let isNew = true
    for (const { text, goesOn } of before) {
      if (isNew) lines.push(text)
      else lines[lines.length - 1] += text
      isNew = !goesOn
    }
    this.#screen = lines.flatMap((line, index) => {
      const length = Math.max(line.length, index === cursorLine ? at : 0)
      const count = Math.max(1, Math.ceil(length / columns))
      if (index === cursorLine) this.#column = at
      return Array.from({ length: count }, (_, part) => ({
        text: line.slice(part * columns, (part + 1) * columns),
        goesOn: part + 1 < count,
      }))
    })
    let line = 0
    this.#row = 0
    while (line < cursorLine) if (!this.#screen[this.#row++]!.goesOn) line++
    while (this.#column > columns) {
      this.#row++
      this.#column -= columns
    }
    this.columns = columns
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0
    else if (character === '\n') this.#lineFeed()
    else {
      if (this.#column === this.columns) {
        this.#here.goesOn = true
        this.#lineFeed()
      }
      const { text } = this.#here
      const start = text.slice(0, this.#column).padEnd(this.#column)
      this.#here.text = start + character + text.slice(this.#column + 1)
      this.#column++
    }
  }

  /** With the return that a terminal's driver puts before it. */
  #lineFeed(): void {
    this.#column = 0
    this.#row++
    this.#fill()
  }

  #obey([sequence, isPrivate, parameters = '', command]: RegExpExecArray): void {
    const count = Number(parameters) || 1
    if (isPrivate === '?') {
      if (parameters === '25') this.isCursorVisible = command === 'h'
      // Draws all at once, where a terminal can.
      else if (parameters !== '2026') throw new Error(`unknown: ${JSON.stringify(sequence)}`)
    } else if (command === 'A') this.#row = Math.max(0, this.#row - count)
    else if (command === 'B') this.#row += count
    else if (command === 'C') this.#column = Math.min(this.columns, this.#column + count)
    else if (command === 'D') this.#column = Math.max(0, this.#column - count)
    else if (command === 'E') [this.#row, this.#column] = [this.#row + count, 0]
    else if (command === 'F') [this.#row, this.#column] = [Math.max(0, this.#row - count), 0]
    else if (command === 'G') this.#column = count - 1
    else if (command === 'K') this.#eraseLine(parameters)
    else if (command === 'J' && (parameters === '' || parameters === '0')) this.#eraseBelow()
    else if (command !== 'm') throw new Error(`unknown: ${JSON.stringify(sequence)}`)
    this.#fill()
  }

  #eraseLine(parameters: string): void {
    if (parameters === '2') this.#here.text = ''
    else if (parameters === '1')
      this.#here.text = this.#here.text.slice(this.#column).padStart(this.#here.text.length)
    else this.#here.text = this.#here.text.slice(0, this.#column)
    if (parameters !== '1') this.#here.goesOn = false
  }

  #eraseBelow(): void {
    this.#eraseLine('0')
    this.#screen.length = this.#row + 1
  }

  get #here(): Row {
    return this.#screen[this.#row]!
  }

  #fill(): void {
    while (this.#screen.length <= this.#row) this.#screen.push({ text: '', goesOn: false })
  }
}
