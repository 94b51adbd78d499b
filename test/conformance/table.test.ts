import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { exceptions } from '../../conformance/exceptions.ts'
import { suite } from '../../conformance/suite.ts'
import { capabilityTable } from '../../conformance/table.ts'
import { stages } from '../../simulators/stages.ts'
import { deskDefinitions } from '../../src/desks/registry.ts'

it('the README shows what the suite tries', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const hint =
    'put what `npm run --silent conformance -- --table` prints between the two comments of README.md'
  expect(readme.includes(capabilityTable()), hint).toBe(true)
})

it('every desk can be tried, and every exception is of a case there is', () => {
  const names = suite.map(({ name }) => name)
  expect(Object.keys(stages).toSorted()).toEqual(deskDefinitions.map(({ type }) => type).toSorted())
  expect(
    Object.values(exceptions).flatMap(cases => Object.keys(cases).filter(name => !names.includes(name))),
  ).toEqual([])
})
