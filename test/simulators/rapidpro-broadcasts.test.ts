import { describe, expect, test } from 'vitest'
import { ann, get, group, post, start, texts, wide } from './rapidpro-support.ts'

describe('broadcasts', () => {
  const globals = { api_secret: 'hush' }
  test.each([
    ['Hi @contact.name.', 'Hi Ann.'],
    ['Hi @contact, @contact.first_name!', 'Hi Ann, Ann!'],
    ['@fields.age and @FIELDS.Age', '33 and 33'],
    ['@globals.api_secret', 'hush'],
    ['@urns.tel', 'tel:+12024561111'],
    ['@(upper(contact.name) & "-" & (1 + 2 * 3))', 'ANN-7'],
    ['a@(nonsense())b', 'ab'],
    ['a @(open', 'a @(open'],
    ['@@contact.name @@(1+1) @@@@', '@contact.name @(1+1) @@'],
    ['write to bob@example.com or bob@@example.com', 'write to bob@example.com or bob@example.com'],
    ['@ alone, @, @results.x and 5@', '@ alone, @, @results.x and 5@'],
  ])('%s', async (template, text) => {
    const rapidpro = await start()
    Object.assign(rapidpro.state.globals, globals)
    expect((await post(rapidpro, 'broadcasts.json', wide(template))).status).toBe(201)
    expect(await rapidpro.nextMessageTo(ann)).toMatchObject({ text, via: 'broadcast' })
  })

  test('reach contacts, URNs and groups, in their language, and can be held and swapped', async () => {
    const rapidpro = await start()
    rapidpro.state.settings.holdBroadcasts = true
    await post(rapidpro, 'contact_actions.json', { contacts: [ann], action: 'add', group: 'vip' })
    await post(rapidpro, `contacts.json?uuid=${ann}`, { language: 'fra' })
    const first = await post(rapidpro, 'broadcasts.json', {
      groups: [group],
      text: { eng: 'Hi', fra: 'Salut' },
    })
    await post(rapidpro, 'broadcasts.json', { urns: ['tel:+12024561111', 'telegram:77'], text: 'Two' })
    expect(first.json).toMatchObject({
      status: 'queued',
      text: { eng: 'Hi', fra: 'Salut' },
      base_language: 'eng',
    })
    expect(rapidpro.messagesTo(ann)).toEqual([])
    rapidpro.releaseBroadcasts({ reversed: true })
    expect(rapidpro.messagesTo(ann).map(({ text }) => text)).toEqual(['Two', 'Salut'])
    expect(texts(await get(rapidpro, `messages.json?broadcast=${first.json.id}`))).toEqual(['Salut'])
    expect((await get(rapidpro, 'contacts.json?urn=telegram%3A77')).json.results).toHaveLength(1)
  })

  test('7.4 answers with one text, without status', async () => {
    const rapidpro = await start({ profile: '7.4' })
    const { json } = await post(rapidpro, 'broadcasts.json', wide('Hi'))
    expect(json).toMatchObject({ text: 'Hi', contacts: [{ uuid: ann, name: 'Ann' }] })
    expect(Object.keys(json)).not.toContain('status')
  })
})
