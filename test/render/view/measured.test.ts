import { expect, test } from 'vitest'
import { partialText } from '../../../harness/render/view/measured.ts'

test('what is partial says why, or that it goes on', () => {
  expect(partialText('sweep', { complete: true, ending: null })).toBeNull()
  expect(partialText('sweep', { complete: false, ending: null })).toMatch(/not finished/)
  expect(partialText('sweep', { complete: false, ending: 'by Ctrl-C' })).toBe(
    'This sweep is incomplete: by Ctrl-C.',
  )
})
