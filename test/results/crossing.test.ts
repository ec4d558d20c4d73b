import { expect, test } from 'vitest'
import { crossingSchema } from '../../harness/results/find.ts'
import {
  sampleCrossing,
  troubledSearch,
  uncrossed,
  undecidedSearch,
} from '../render/sample-crossing.ts'

test.each([
  ['crossing', sampleCrossing()],
  ['uncrossed', uncrossed()],
  ['undecided', undecidedSearch()],
  ['partial', troubledSearch()],
])('a search that is %s survives its file', (_, search) => {
  expect(crossingSchema.parse(JSON.parse(JSON.stringify(search)))).toEqual(search)
})
