import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import {
  agentReads,
  agentSays,
  allQuiet,
  type Conversation,
  clientReads,
  handOver,
} from './rocketchat-conversation.ts'

const LIMIT = 640
const PROFILES = ['7.4', '9', '26'] as const

const LONG_TEXTS: Record<string, string> = {
  words: 'Take one tablet in the morning. '.repeat(70).trim(),
  lines: Array.from({ length: 90 }, (_, i) => `${i}. line\n\n  indented`).join('\n'),
  emoji: '👩‍👩‍👧‍👦🇬🇹👍🏽'.repeat(120),
  marks: 'e\u0301\u0323'.repeat(700),
  'no spaces': 'abcdefghij'.repeat(200),
  addresses: 'ana@example.org '.repeat(80).trim(),
}

describe.each(STORES)('on %s', store => {
  describe.each(PROFILES)('what an agent writes reaches RapidPro %s', profile => {
    let world: World
    beforeAll(async () => {
      world = await startWorld({ store, rapidpro: { profile } })
    })
    afterEach(() => world.rapidpro.faults.clear())
    afterAll(() => world?.stop())

    it('as it was typed, through the API this version has', async () => {
      const conversation = await handOver(world, { name: 'Ryan' })
      const typed = '@contact.name @(1+1) a@b.org @@ @globals.api_secret @'
      await agentSays(world, conversation, typed)
      const arrived = await world.rapidpro.nextMessageTo(conversation.contact.uuid)
      const via = profile === '7.4' ? 'broadcast' : 'message'
      expect(arrived).toMatchObject({ text: typed, via })
      const wrong = world.rapidpro.state.requests.filter(({ status }) => status === 405)
      expect(wrong.length).toBe(profile === '7.4' ? 1 : 0)
    })

    it.each(Object.entries(LONG_TEXTS))('in parts and in order when it is long: %s', async (_kind, text) => {
      const conversation = await handOver(world)
      await agentSays(world, conversation, text)
      await allQuiet(world, conversation)
      const parts = postedTo(world, conversation)
      expect(parts.length).toBeGreaterThan(1)
      expect(parts.filter(part => [...part].length > LIMIT)).toEqual([])
      const whole = parts.join('')
      expect(profile === '7.4' ? whole.replaceAll('@@', '@') : whole).toBe(text)
      const read = clientReads(world, conversation)
      expect(withoutSpaces(read.join(''))).toBe(withoutSpaces(text))
      if (profile !== '7.4') expect(read).toEqual(parts.map(part => part.trim()))
    })

    it('whole when it is exactly as long as allowed', async () => {
      const conversation = await handOver(world)
      const text = `${'😀'.repeat(LIMIT - 1)}.`
      await agentSays(world, conversation, text)
      expect(clientReads(world, conversation)).toEqual([text])
    })

    it('after the time RapidPro asks for, without asking again before', async () => {
      const { rapidpro, rocketchat } = world
      const [one, other] = [await handOver(world), await handOver(world)]
      rapidpro.faults.add({ kind: 'too-many-requests', resetMs: 2000, times: 1, route: '/api/v2/*s.json' })
      const asked = rapidpro.state.requests.length
      await rocketchat.say(one.room._id, 'held up')
      await until('it was throttled', () => rapidpro.state.requests.length > asked)
      await rocketchat.say(other.room._id, 'held up as well')
      for (const conversation of [one, other]) await allQuiet(world, conversation)
      expect(clientReads(world, one)).toEqual(['held up'])
      expect(clientReads(world, other)).toEqual(['held up as well'])
      const [throttled, ...later] = rapidpro.state.requests.slice(asked)
      expect(throttled).toMatchObject({ status: 429 })
      expect(later.map(({ status }) => status)).toEqual([201, 201])
      for (const { at } of later) expect(at - (throttled?.at ?? 0)).toBeGreaterThanOrEqual(1900)
      expect(agentReads(world, one)).toEqual([])
    })

    it('or is kept, and the agent told, when RapidPro cannot deliver', async () => {
      const { rapidpro } = world
      const conversation = await handOver(world)
      rapidpro.blockContact(conversation.contact.uuid)
      await agentSays(world, conversation, 'can you hear me?')
      await allQuiet(world, conversation)
      expect(clientReads(world, conversation)).toEqual([])
      if (profile === '7.4') return expect(await deadLettersOf(world, conversation)).toEqual([])
      expect(await deadLettersOf(world, conversation)).toMatchObject([
        {
          direction: 'to_client',
          desk: 'rocketchat',
          attempts: 1,
          reason: expect.stringContaining('blocked'),
        },
      ])
      const told = ['[system] Your message could not be delivered to the client.']
      expect(agentReads(world, conversation)).toEqual(told)
    })
  })

  it.each([
    ['9', 'api = "broadcasts"', '@contact.name and a@b.org', ['@contact.name and a@b.org'], 'broadcast'],
    ['26', 'text_limit = 4096', 'word '.repeat(800).trim(), ['word '.repeat(800).trim()], 'message'],
  ] as const)('is sent to RapidPro %s as configured: %s', async (profile, bot, typed, expected, via) => {
    const world = await startWorld({ store, rapidpro: { profile }, bot })
    onTestFinished(() => world.stop())
    const conversation = await handOver(world)
    await agentSays(world, conversation, typed)
    await allQuiet(world, conversation)
    expect(clientReads(world, conversation)).toEqual(expected)
    expect(world.rapidpro.messagesTo(conversation.contact.uuid)).toMatchObject([{ via }])
  })
})

/** The texts posted to the API for this contact, as they were sent. */
function postedTo({ rapidpro }: World, { contact }: Conversation): string[] {
  const bodies = rapidpro.state.requests.map(({ body }) => body as Posted | undefined)
  const own = bodies.filter(body => body?.contact === contact.uuid || body?.contacts?.includes(contact.uuid))
  return own.map(body => body?.text ?? '')
}

type Posted = { contact?: string; contacts?: string[]; text?: string }

function withoutSpaces(text: string): string {
  return text.replaceAll(/\s+/g, '')
}

async function deadLettersOf(world: World, { contact }: Conversation): Promise<unknown[]> {
  const { body } = await world.call('GET', '/live-agents/dead-letters')
  return (body.dead_letters as { userid: string }[]).filter(({ userid }) => userid === contact.uuid)
}
