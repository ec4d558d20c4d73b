import { expect, test, vi } from 'vitest'
import { isLoopback } from '../../harness/cli/serve.ts'

vi.mock('node:dns/promises', () => ({
  lookup: (host: string) => {
    if (host === 'nowhere.example') return Promise.reject(new Error('getaddrinfo ENOTFOUND'))
    const address = ADDRESSES[host] ?? host
    return Promise.resolve([{ address, family: address.includes(':') ? 6 : 4 }])
  },
}))

const ADDRESSES: Readonly<Record<string, string>> = {
  localhost: '::1',
  '127.evil.example': '203.0.113.7',
  'mine.example': '127.8.9.10',
}

test.each([
  ['127.0.0.1', true],
  ['localhost', true],
  ['mine.example', true],
  ['127.evil.example', false],
  ['0.0.0.0', false],
  ['::', false],
])('whether %s is of this machine alone is judged by its addresses: %s', async (host, expected) => {
  expect(await isLoopback(host)).toBe(expected)
})

test.each(['', ' ', 'nowhere.example'])(
  '--host "%s" is refused, and the cure names the flag',
  async (host) => {
    await expect(isLoopback(host)).rejects.toMatchObject({
      kind: 'usage',
      code: 'host',
      cure: expect.stringContaining('--host'),
    })
  },
)
