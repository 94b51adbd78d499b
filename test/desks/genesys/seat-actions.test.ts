import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { chatOf, invite, posted, type SeatOptions, seatAtWork, startCentre } from './seat-support.ts'
import { ODD_TEXT } from './support.ts'

const names = (genesys: Parameters<typeof posted>[0], path: string) =>
  posted(genesys, path).map(body => (body as { operationName: string }).operationName)

describe('accept', () => {
  test('twice is success', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = invite(genesys)
    await stage.seat.accept(chat, stage.call)
    await stage.seat.accept(chat, stage.call)
    expect(names(genesys, `/me/interactions/${chat}`)).toEqual(['Accept', 'Accept'])
  })

  test('also on a replica that knows nothing of it', async () => {
    const genesys = await startCentre()
    const first = await seatAtWork(genesys)
    const chat = invite(genesys)
    await first.seat.accept(chat, first.call)
    await first.stop()
    genesys.failNext({ leg: 'seat', operation: '/api/v2/me/interactions', answer: { statusCode: 3 } })
    const second = await seatAtWork(genesys)
    await second.seat.accept(chat, second.call)
  })

  test.each([
    ['of an interaction that is not there', { statusCode: 6 }, 'CONVERSATION_GONE'],
    ['in another state', { statusCode: 2 }, 'REJECTED'],
    ['of a chat of others', { statusCode: 5 }, 'REJECTED'],
    ['while the desk fails', { statusCode: 4 }, 'UNREACHABLE'],
  ])('%s', async (_, answer, code) => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    genesys.failNext({ leg: 'seat', operation: 'Accept', answer })
    await expect(stage.seat.accept(invite(genesys), stage.call)).rejects.toMatchObject({ code })
  })
})

describe('say', () => {
  test('whatever it is', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    await stage.seat.say(chat, ODD_TEXT, stage.call)
    expect(genesys.transcriptOf(chat).map(({ text }) => text)).toEqual([ODD_TEXT])
    expect(stage.logged.join('')).not.toContain('señora')
  })

  test.each([
    ['forgotten', { statusCode: 6 }, 'CONVERSATION_GONE'],
    ['not ours any more', { statusCode: 5 }, 'CONVERSATION_GONE'],
    ['refused, though the chat goes on', { statusCode: 2 }, 'REJECTED'],
    ['refused without a reason', { status: 'error' }, 'REJECTED'],
    ['a failing desk', { statusCode: 4 }, 'UNREACHABLE'],
    ['a proxy', 'html502', 'UNREACHABLE'],
  ] as const)('%s', async (_, answer, code) => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.failNext({ leg: 'seat', operation: 'SendMessage', answer })
    await expect(stage.seat.say(chat, 'hello', stage.call)).rejects.toMatchObject({ code })
  })

  test('a chat that has ended is gone', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    const connects = () => stage.sent.filter(({ route }) => route === 'notifications/connect').length
    const before = connects()
    genesys.agentEnds(chat)
    await until('it was told', () => connects() > before + 1)
    await expect(stage.seat.say(chat, 'hello', stage.call)).rejects.toMatchObject({
      code: 'CONVERSATION_GONE',
    })
  })
})

describe('finish', () => {
  test('ends the chat and the work on it; the second time nothing is left to do', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    await stage.seat.finish(chat, stage.call)
    await stage.seat.finish(chat, stage.call)
    expect(names(genesys, `/me/interactions/${chat}`)).toEqual(['Accept', 'EndChatSession', 'Complete'])
    expect(genesys.chatOf(chat)?.state).toBe('Idle')
  })

  test('a chat the agents have ended is completed', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.agentEnds(chat)
    await stage.seat.finish(chat, stage.call)
    expect(genesys.chatOf(chat)?.seats.get('bot')).toBe('Completed')
  })

  test.each([2, 5, 6])('code %i: it was over, or not ours', async statusCode => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.failNext({ leg: 'seat', operation: 'EndChatSession', answer: { status: 'error' } })
    genesys.failNext({ leg: 'seat', operation: 'Complete', answer: { statusCode } })
    await stage.seat.finish(chat, stage.call)
  })

  test('a failing desk is no success', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.failNext({ leg: 'seat', operation: 'Complete', answer: { statusCode: 4 } })
    await expect(stage.seat.finish(chat, stage.call)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await stage.seat.finish(chat, stage.call)
    expect(genesys.chatOf(chat)?.seats.get('bot')).toBe('Completed')
  })

  test('with the later names, which have no EndChatSession', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys, { connection: { apiStyle: 'chats' } })
    const chat = await chatOf(stage, genesys)
    await stage.seat.finish(chat, stage.call)
    expect(names(genesys, `/me/chats/${chat}`)).toEqual(['Accept', 'Complete'])
  })
})

describe('handOver', () => {
  const withTable = (more: SeatOptions['connection']): SeatOptions => ({ connection: more })

  test('a seat that stays invites the agent, and is still there', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys, withTable({ transfers: { GTM_HIV: { agent: 'ana' } } }))
    const chat = await chatOf(stage, genesys)
    await stage.seat.handOver(chat, 'GTM_HIV', stage.call)
    expect(genesys.chatOf(chat)?.participants.map(({ user }) => user)).toEqual([undefined, 'bot', 'ana'])
  })

  test('a seat beside a customer’s part leaves', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(
      genesys,
      withTable({ relay: 'control', transfers: { default: { skill: 'hiv' } } }),
    )
    const chat = await chatOf(stage, genesys)
    await stage.seat.handOver(chat, 'GTM_HIV', stage.call)
    expect(genesys.chatOf(chat)?.participants.map(({ user }) => user)).toEqual([undefined, 'ana'])
  })

  test('without a table nothing is asked', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    await stage.seat.handOver('i-1', 'GTM_HIV', stage.call)
    expect(posted(genesys, '/me/interactions/i-1')).toEqual([])
  })

  test.each([
    ['a department without a line', { other: { agent: 'ana' } }, undefined, 'UNKNOWN_DEPARTMENT'],
    ['a skill, which cannot be invited', { GTM_HIV: { skill: 'hiv' } }, undefined, 'UNKNOWN_DEPARTMENT'],
    ['an agent who cannot come', { GTM_HIV: { agent: 'ana' } }, { status: 'error' }, 'NO_AGENT'],
    ['a failing desk', { GTM_HIV: { agent: 'ana' } }, { statusCode: 4 }, 'UNREACHABLE'],
  ])('%s', async (_, transfers, answer, code) => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys, withTable({ transfers: transfers as never }))
    const chat = await chatOf(stage, genesys)
    if (answer) genesys.failNext({ leg: 'seat', operation: 'InviteUser', answer: answer as never })
    await expect(stage.seat.handOver(chat, 'GTM_HIV', stage.call)).rejects.toMatchObject({ code })
  })

  test('asked again, since the first answer got lost, it is success', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys, withTable({ transfers: { GTM_HIV: { agent: 'ana' } } }))
    const chat = await chatOf(stage, genesys)
    genesys.agentJoins(chat, 'ana')
    genesys.failNext({ leg: 'seat', operation: 'InviteUser', answer: { status: 'error' } as never })
    await stage.seat.handOver(chat, 'GTM_HIV', stage.call)
  })
})
