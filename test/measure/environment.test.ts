import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readEnvironment, readLoadAverage } from '../../harness/measure/environment.ts'

test('describes this machine, this runtime and this version', () => {
  const own = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const environment = readEnvironment(true)
  expect(environment).toMatchObject({
    crossover: own.version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    pinned: true,
    loadAverageAfter: null,
  })
  expect(environment.cores).toBeGreaterThan(0)
  expect(environment.memoryBytes).toBeGreaterThan(0)
  expect(readEnvironment(false).pinned).toBe(false)
})

test('what it says survives JSON', () => {
  const environment = readEnvironment(false)
  expect(JSON.parse(JSON.stringify(environment))).toEqual(environment)
})

test('load averages are three', () => {
  expect(readLoadAverage()).toHaveLength(3)
})
