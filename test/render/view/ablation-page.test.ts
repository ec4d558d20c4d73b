import { expect, test } from 'vitest'
import { ablationView } from '../../../harness/render/ablate/view.ts'
import { pageView } from '../../../harness/render/view/page.ts'
import type { Ablation } from '../../../harness/results/ablate.ts'
import { drawnFrom, visible } from '../page-text.ts'
import { sampleAblation, troubledAblation } from '../sample-ablation.ts'

const renderAblationPage = (result: Ablation): string => pageView(ablationView(result))

test('the page tells what went wrong', () => {
  const page = visible(renderAblationPage(troubledAblation()))
  expect(page).toContain('This ablation is incomplete: the run was interrupted.')
  expect(page).toContain('itself undecided')
  expect(page).toContain('2 of 52 trials failed a check')
})

test('waterfalls have a text alternative that tells what is undecided', () => {
  expect(renderAblationPage(sampleAblation())).toMatch(
    /role="img"\s+aria-label="Waterfall from 8\.79 ms to 38\.6 µs\. single lock → striped locks: 1\.01×\? \(0\.91–1\.08\), undecided, to [^"]*shard-aware routing: 0\.65× \(0\.63–0\.69\), to 3\d\.\d µs\."/,
  )
})

test.each([
  ['whole', sampleAblation(), 1_200],
  ['partial', troubledAblation(), 400],
])(
  'the script draws a %s ablation and needs nothing but the page and the library',
  (_, ablation, innerWidth) => {
    const options = drawnFrom(renderAblationPage(ablation), innerWidth)
    // Two ends and nine steps; a bar each of space and of step.
    expect(options.map((option) => option.yAxis?.data.length)).toEqual([11, 11])
    expect(options.map((option) => option.series?.[1]?.data.length)).toEqual([11, 11])
    expect(options.map((option) => option.series?.[3]?.data.length)).toEqual([2, 2])
  },
)
