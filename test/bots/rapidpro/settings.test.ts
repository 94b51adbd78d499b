import { describe, expect, it } from 'vitest'
import { rapidpro } from '../../../src/bots/rapidpro/index.ts'
import { flow, site, token } from './kit.ts'

const good = { url: site, token }

describe('settings', () => {
  it('have defaults', () => {
    const read = rapidpro.settings.parse({ ...good, url: `${site}//` })
    expect(read).toEqual({ ...good, api: 'auto', text_limit: 640, ended_flow: '' })
    expect(rapidpro.secrets(read)).toEqual([token])
  })

  it.each([
    { url: 'http://127.0.0.1:8000/rapidpro/' },
    { api: 'messages' },
    { api: 'broadcasts' },
    { text_limit: 1 },
    { text_limit: 10_000 },
    { ended_flow: flow },
  ])('take %j', change => {
    expect(rapidpro.settings.safeParse({ ...good, ...change }).success).toBe(true)
  })

  it.each([
    ['url', { url: '' }],
    ['url', { url: 'ftp://rapidpro.example.org' }],
    ['url', { url: `${site}/api/v2/` }],
    ['url', { url: `${site}/?x=1` }],
    ['token', { token: ' ' }],
    ['token', { token: 'two words' }],
    ['token', { token: undefined }],
    ['api', { api: 'v2' }],
    ['text_limit', { text_limit: 0 }],
    ['text_limit', { text_limit: 10_001 }],
    ['text_limit', { text_limit: 1.5 }],
    ['ended_flow', { ended_flow: 'Goodbye' }],
  ])('refuse %s of %j, naming it', (key, change) => {
    const issues = rapidpro.settings.safeParse({ ...good, ...change }).error?.issues
    expect(issues?.map(({ path }) => path.join())).toEqual([key])
  })

  it('refuse a key they do not know', () => {
    expect(rapidpro.settings.safeParse({ ...good, urll: site }).error?.issues[0]).toMatchObject({
      keys: ['urll'],
    })
  })
})
