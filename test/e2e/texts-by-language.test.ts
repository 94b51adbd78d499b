import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REGISTER, registration } from '../http/asks.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'

const TOML = `
[texts]
joined = "{agent} joined"
agent_failed = "[system] not delivered"
[texts.es]
joined = "Le atiende {agent}"
agent_failed = "[sistema] no se entregó"
[texts.quc]
joined = "{agent} ri katto'owik"
[texts.fr]
joined = "{agent} est là"
[[routes]]
department = "GTM_FP"
desk = "rocketchat"
language = "fra"
[[routes]]
department = "HN_*"
desk = "rocketchat"
language = "ara"
[[routes]]
department = "GTM_*"
desk = "rocketchat"
[[routes]]
department = "*"
desk = "rocketchat"
language = "quc"
`

describe('what the mediator says itself', () => {
  let world: World
  beforeAll(async () => {
    const departments = ['GTM_HIV_GENERAL', 'Support', 'GTM_FP', 'HN_FP']
    const rocketchat = { departments: departments.map(name => ({ name, agents: ['ana', 'luis'] })) }
    world = await startWorld({ toml: TOML, rocketchat })
  })
  afterAll(() => world?.stop())

  /** Registers a contact of that language, and waits for the first words. */
  async function greet(department: string, language?: unknown): Promise<{ uuid: string; words: string }> {
    const { uuid } = world.rapidpro.addContact({ name: 'Zoila' })
    const body = registration(uuid, department)
    const { status } = await world.call('POST', REGISTER, { ...body, contact: { ...body.contact, language } })
    expect(status).toBe(200)
    const said = () => world.rapidpro.messagesTo(uuid)[0]?.text
    return { uuid, words: await until('the client reads', said) }
  }

  it.each([
    ['GTM_HIV_GENERAL', 'spa', /^Le atiende (Ana|Luis)$/],
    ['GTM_HIV_GENERAL', 'es-GT', /^Le atiende (Ana|Luis)$/],
    ['GTM_HIV_GENERAL', 'eng', /^(Ana|Luis) joined$/],
    ['GTM_HIV_GENERAL', undefined, /^(Ana|Luis) joined$/],
    ['Support', 'spa', /^Le atiende (Ana|Luis)$/],
    ['Support', null, /^(Ana|Luis) ri katto'owik$/],
    ['GTM_FP', 'ara', /^(Ana|Luis) est là$/],
    ['GTM_FP', 'spa', /^Le atiende (Ana|Luis)$/],
    ['HN_FP', 'por', /^(Ana|Luis) joined$/],
    ['HN_FP', undefined, /^(Ana|Luis) joined$/],
  ])('to a client of %s who speaks %j is %s', async (department, language, words) => {
    expect((await greet(department, language)).words).toMatch(words)
  })

  it('to the agent is in the client’s language, too', async () => {
    const { uuid } = await greet('Support', 'spa')
    world.rapidpro.blockContact(uuid)
    const room = world.rocketchat.openRoomOf(uuid)
    await world.rocketchat.say(room?._id ?? '', 'hello')
    const said = () => world.rocketchat.state.index.messagesByRoom.get(room?._id ?? '')?.at(-1)?.msg
    await until('the agent is told', () => said() !== 'hello')
    expect(said()).toBe('[sistema] no se entregó')
  })
})
