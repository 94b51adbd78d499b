import { expect, it } from 'vitest'
import { entryIdOf } from '../../src/mediator/ids.ts'

it('ids that differ in half a character only are two', () => {
  const ids = ['a\ud800', 'a\ud801', 'a\udc00', 'a\ufffd', 'a'].map(entryIdOf)
  expect(new Set(ids).size).toBe(5)
  expect(entryIdOf('a\ud800')).toBe(ids[0])
})

it('an id stays what it was in earlier versions', () => {
  expect(entryIdOf('5d4f6a4e-2f5d-4f0a-9d5c-3b8f1c6c7a10')).toBe('UwKg3iuHS-46X1ZI')
})
