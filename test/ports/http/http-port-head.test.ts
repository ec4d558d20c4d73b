import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHttpBench, type HttpBench, put, until } from './bench.ts'

let bench: HttpBench
beforeEach(async () => {
  bench = await createHttpBench()
})
afterEach(() => bench.close())

const statusesOf = (replies: readonly { readonly status: number }[]) =>
  replies.map(({ status }) => status)

test.each(['healthz', 'stats'])('HEAD /%s has the fields of GET and no text', async (path) => {
  const client = await bench.connect()
  client.heads.add(0)
  client.send(`HEAD /${path} HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`)
  const [head, next] = await bench.replies(client, 2)
  expect(head).toMatchObject({ status: 200, body: '' })
  expect(Number(head!.fields.get('content-length'))).toBeGreaterThan(2)
  expect(next).toMatchObject({ status: 200, body: 'ok\n' })
})

test('who waits for a word before its body gets it, and the update is made', async () => {
  const client = await bench.connect()
  const text = put('key', 'hello').replace('Host', 'Expect: 100-continue\r\nHost')
  const word = 'HTTP/1.1 100 Continue\r\n\r\n'
  client.send(text.slice(0, -5))
  await until(
    () => client.received() !== '',
    () => bench.turn(),
  )
  expect(client.received()).toBe(word)
  client.send('hello')
  await until(
    () => client.received().length > word.length,
    () => bench.turn(),
  )
  expect(client.received()).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n/)
  expect(client.received()).toContain('ETag: "00000005-00000214"')
})

test('who sends its body with the head gets the reply alone', async () => {
  const client = await bench.connect()
  client.send(put('key', 'hello').replace('Host', 'Expect: 100-continue\r\nHost'))
  expect(statusesOf(await bench.replies(client, 1))).toEqual([200])
})
