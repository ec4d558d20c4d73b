import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyOf, operationOf, packRequest } from '../../harness/workload/trace-layout.ts'

test('a packed request gives back its key and its operation', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 29 - 1), fc.integer({ min: 1, max: 4 }), (key, operation) => {
      const request = packRequest(key, operation)
      expect(request).toBe(request | 0)
      expect(keyOf(request)).toBe(key)
      expect(operationOf(request)).toBe(operation)
    }),
  )
})
