import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { invite, posted, runSeat, type SeatOptions, seatAtWork, startCentre } from './seat-support.ts'

const OURS = { mediatorKey: 'session-1', mediatorKeyDepartment: 'GTM_HIV' }

function control(transfers: NonNullable<SeatOptions['connection']>['transfers']): SeatOptions {
  return { connection: { relay: 'control', transfers } }
}

describe('a chat of ours that is offered to the seat is passed on', () => {
  test.each([
    ['by skill', { GTM_HIV: { skill: 'hiv' } }, { skill: 'hiv' }],
    ['to an agent', { GTM_HIV: { agent: 'ana' } }, { agentId: 'ana' }],
    ['to a queue', { GTM_HIV: { queue: 'chat-general' } }, { queueName: 'chat-general' }],
    ['by the line for all others', { default: { skill: 'hiv' } }, { skill: 'hiv' }],
  ])('%s', async (_, transfers, target) => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys, control(transfers))
    const chat = invite(genesys, OURS)
    await until('an agent has it', () =>
      genesys.chatOf(chat)?.participants.some(({ user }) => user === 'ana'),
    )
    expect(posted(genesys, `/me/interactions/${chat}`)).toEqual([
      { operationName: 'Accept', nickname: 'Helper' },
      { operationName: 'SingleStepTransfer', ...target },
    ])
    expect(genesys.chatOf(chat)?.participants.some(({ user }) => user === 'bot')).toBe(false)
    expect(stage.link.emissions).toEqual([])
  })

  test('with the later names', async () => {
    const genesys = await startCentre()
    const agent = String(genesys.state.users.get('ana')?.id)
    await seatAtWork(genesys, {
      connection: { relay: 'control', apiStyle: 'chats', transfers: { default: { agent } } },
    })
    const chat = invite(genesys, OURS)
    await until('an agent has it', () =>
      genesys.chatOf(chat)?.participants.some(({ user }) => user === 'ana'),
    )
    expect(posted(genesys, `/me/chats/${chat}`)).toEqual([
      { operationName: 'Accept', nickname: 'Helper' },
      { operationName: 'Transfer', targetUri: `${genesys.url}/api/v2/users/${agent}` },
    ])
  })

  test('also where it was offered while nobody listened', async () => {
    const genesys = await startCentre()
    const first = await seatAtWork(genesys, control({ default: { skill: 'nobody has it' } }))
    genesys.faults.add({ kind: 'drop', route: '/v2/me/chats', times: 1 })
    const chat = invite(genesys, OURS)
    await first.stop()
    await seatAtWork(genesys, control({ default: { agent: 'ana' } }))
    await until('an agent has it', () =>
      genesys.chatOf(chat)?.participants.some(({ user }) => user === 'ana'),
    )
  })

  test('also where a replica died between taking it up and passing it on', async () => {
    const genesys = await startCentre()
    const first = await seatAtWork(genesys, control(undefined))
    const chat = invite(genesys, OURS)
    await first.seat.accept(chat, first.call)
    await first.stop()
    await seatAtWork(genesys, control({ default: { agent: 'ana' } }))
    await until('an agent has it', () =>
      genesys.chatOf(chat)?.participants.some(({ user }) => user === 'ana'),
    )
    const accepts = posted(genesys, `/me/interactions/${chat}`).filter(
      body => (body as { operationName: string }).operationName === 'Accept',
    )
    expect(accepts).toHaveLength(1)
  })

  test('tried again while the desk fails', async () => {
    const genesys = await startCentre()
    await seatAtWork(genesys, control({ default: { agent: 'ana' } }))
    genesys.failNext({ leg: 'seat', operation: 'SingleStepTransfer', answer: { statusCode: 4 } })
    const chat = invite(genesys, OURS)
    await until('an agent has it', () =>
      genesys.chatOf(chat)?.participants.some(({ user }) => user === 'ana'),
    )
  })

  test('where nobody can have it, the seat ends it rather than keep it', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys, control({ default: { skill: 'nobody has it' } }))
    const chat = invite(genesys, OURS)
    await until('it is over', () => genesys.chatOf(chat)?.state === 'Idle')
    await until('it was completed', () => genesys.chatOf(chat)?.seats.get('bot') === 'Completed')
    expect(stage.logged.some(line => line.includes('"level":50') && line.includes('transfers'))).toBe(true)
  })
})

describe('the seat leaves alone', () => {
  test.each([
    ['everything, without a table', undefined, OURS],
    ['departments that are not in the table', { GTM_TB: { agent: 'ana' } }, OURS],
    ['chats of others', { default: { agent: 'ana' } }, { other: 'x' }],
    ['chats with an empty key', { default: { agent: 'ana' } }, { mediatorKey: '' }],
  ])('%s', async (_, transfers, userData) => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys, control(transfers))
    const chat = invite(genesys, userData as Record<string, string>)
    // Whatever it would do about the invitation, it would have begun before this is answered.
    await until(
      'it was told',
      () => stage.sent.filter(({ route }) => route === 'notifications/connect').length > 2,
    )
    expect((await stage.seat.operate('i-1', { operation: 'Reject' }, stage.call)).status).toBe(404)
    expect(posted(genesys, `/me/interactions/${chat}`)).toEqual([])
    expect((await stage.seat.operate(chat, { operation: 'Accept' }, stage.call)).status).toBe(200)
  })

  test('an invitation that was taken back', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys, control({ default: { agent: 'ana' } }))
    genesys.failNext({ leg: 'seat', operation: 'Accept', answer: { statusCode: 5 } })
    const chat = invite(genesys, OURS)
    await until('it was refused', () => stage.logged.some(line => line.includes('the desk refuses')))
    genesys.revokeInvitation(chat, 'bot')
    genesys.inviteSeat(invite(genesys, { ...OURS, mediatorKey: 'session-2' }), 'bot')
    await until('the next one went well', () => genesys.chatOf('session-2')?.participants.length === 2)
    const asked = posted(genesys, `/me/interactions/${chat}`)
    expect(asked).toEqual([{ operationName: 'Accept', nickname: 'Helper' }])
  })
})

test('beside a customer’s part nobody’s words are emitted', async () => {
  const genesys = await startCentre()
  const stage = await seatAtWork(genesys, control(undefined))
  const chat = invite(genesys)
  await stage.seat.accept(chat, stage.call)
  genesys.agentSays(chat, 'hello', { agent: 'ana' })
  await until(
    'it was told',
    () => stage.sent.filter(({ route }) => route === 'notifications/connect').length > 3,
  )
  await stage.stop()
  expect(stage.link.emissions).toEqual([])
})

test('no replica holds the seat', async () => {
  const stage = runSeat({ url: 'http://127.0.0.1:9' })
  await expect(stage.seat.accept('i-1', stage.call)).rejects.toMatchObject({ code: 'UNREACHABLE' })
})
