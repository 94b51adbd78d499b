import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { endSession, openSession, storyOf } from './fake-link.ts'
import { ANA, chatOf, invite, posted, type SeatStage, seatAtWork, startCentre } from './seat-support.ts'

const heard = (stage: SeatStage, words: string) => until(words, () => storyOf(stage.books).includes(words))

/** Puts the clock forward until something was heard. */
const heardLater = (stage: SeatStage, words: string) =>
  until(words, () => {
    stage.clock.skip(60)
    return storyOf(stage.books).includes(words)
  })

describe('sessions', () => {
  test('what was said before the session is known waits for it', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const interaction = invite(genesys)
    await stage.seat.accept(interaction, stage.call)
    genesys.agentSays(interaction, 'hello', { agent: ANA })
    await until(
      'it was told',
      () => genesys.state.requests.filter(({ path }) => path.endsWith('/connect')).length > 4,
    )
    expect(stage.link.emissions).toEqual([])
    openSession(stage.books, { id: interaction, state: {} })
    await heard(stage, 'Ana: hello')
  })

  test('for a minute; then it is dropped, and counted', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const interaction = invite(genesys)
    await stage.seat.accept(interaction, stage.call)
    genesys.agentSays(interaction, 'hello', { agent: ANA })
    genesys.agentSays(interaction, 'anybody?', { agent: ANA })
    await until('it is dropped', () => {
      stage.clock.skip(5_000)
      return stage.logged.some(line => line.includes('"dropped":2') && line.includes('no session'))
    })
    expect(stage.logged.join('')).not.toContain('anybody?')
    openSession(stage.books, { id: interaction, state: {} })
    await heardLater(stage, 'Ana: anybody?')
    expect(storyOf(stage.books)).toEqual(['+Ana', 'Ana: hello', 'Ana: anybody?'])
  })

  test('after its end nothing more is told', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const [over, other] = [await chatOf(stage, genesys), await chatOf(stage, genesys)]
    genesys.agentSays(over, '1', { agent: ANA })
    await heard(stage, 'Ana: 1')
    endSession(stage.books, over)
    genesys.agentSays(other, 'first', { agent: 'luis' })
    await heard(stage, 'Luis: first')
    await until('sessions were asked for', () => {
      stage.clock.skip(500)
      return stage.sent.length > 0
    })
    genesys.agentSays(other, 'second', { agent: 'luis' })
    await heard(stage, 'Luis: second')
    expect(storyOf(stage.books, over)).toEqual(['+Ana', 'Ana: 1'])
  })

  test('while the store is away, what is said waits', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.agentSays(chat, '1', { agent: ANA })
    await heard(stage, 'Ana: 1')
    stage.link.failures.emit.push('STORE_UNAVAILABLE', 'STORE_UNAVAILABLE')
    stage.link.failures.sessions.push('STORE_UNAVAILABLE')
    genesys.agentSays(chat, '2', { agent: ANA })
    genesys.agentSays(chat, '3', { agent: ANA })
    await heardLater(stage, 'Ana: 3')
    expect(storyOf(stage.books)).toEqual(['+Ana', 'Ana: 1', 'Ana: 2', 'Ana: 3'])
  })

  test('when another replica has taken over, the link breaks off and leaves the login to it', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    stage.link.failures.emit.push('FENCED')
    genesys.agentSays(chat, '1', { agent: ANA })
    expect(await stage.ended).toMatchObject({ code: 'FENCED' })
    expect(posted(genesys, '/notifications/disconnect')).toHaveLength(1)
    expect(genesys.state.users.get('bot')?.isReady).toBe(true)
  })
})
