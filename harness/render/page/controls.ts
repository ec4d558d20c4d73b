/**
 * Runs in the reader's browser, as its own source text: a table's box takes the keyboard only while it is wider than the
 * page, so that tabbing does not stop at every table.
 */
export function followScrolling(): void {
  const boxes = [...document.querySelectorAll<HTMLElement>('.wide[role="region"]')]
  const follow = (): void => {
    const isScrolling = boxes.map(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    for (const [index, box] of boxes.entries()) {
      if (isScrolling[index]) box.tabIndex = 0
      else box.removeAttribute('tabindex')
    }
  }
  follow()
  window.addEventListener('resize', follow)
}

/** Runs in the reader's browser, as its own source text: unpacks the report that is in the page when it is asked for. */
export function offerDownload(): void {
  const button = document.querySelector<HTMLButtonElement>('#download')
  const packed = document.querySelector('#report-data')
  if (button === null || packed === null) return
  const unpack = async (): Promise<void> => {
    const bytes = Uint8Array.from(atob((packed.textContent ?? '').trim()), (character) =>
      character.charCodeAt(0),
    )
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await new Response(unpacked).blob())
    link.download = 'report.json'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  button.hidden = false
  button.addEventListener('click', () => void unpack())
}
