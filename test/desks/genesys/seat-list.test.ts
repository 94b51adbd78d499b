import { describe, expect, test } from 'vitest'
import { BEGINNING, ID, setStage, startChat, text } from './seat-relay-stage.ts'

describe('a chat that is not in the list of what the seat has in hand', () => {
  const REFUSED = { ok: false, status: 409, code: 2, msg: '', body: '' } as const

  test('is over, if its history is refused too', async () => {
    const stage = await startChat(REFUSED)
    stage.relay.catchingUp()
    stage.relay.caughtUp(new Set())
    await stage.pass()
    expect(stage.story()).toEqual(['end agent'])
  })

  test('is not, if the seat came into it after the list was asked for', async () => {
    const stage = setStage(REFUSED)
    stage.session()
    stage.relay.catchingUp()
    stage.relay.before(ID, { operation: 'Accept' })
    stage.relay.after(ID, { operation: 'Accept' }, true)
    stage.lines(...BEGINNING, text(3, 'hello'))
    stage.relay.caughtUp(new Set())
    await stage.pass()
    expect(stage.asked).toHaveLength(1)
    expect(stage.story()).toEqual(['Ana: hello'])
  })

  test('is not, if it was told of after the list was asked for', async () => {
    const stage = await startChat(REFUSED)
    stage.relay.catchingUp()
    stage.lines(text(3, 'hello'))
    stage.relay.caughtUp(new Set())
    await stage.pass()
    expect(stage.asked).toHaveLength(1)
    expect(stage.story()).toEqual(['Ana: hello'])
  })

  test('is not, if the seat was about to come into it', async () => {
    const stage = setStage(REFUSED)
    stage.session()
    stage.relay.before(ID, { operation: 'Accept' })
    stage.relay.catchingUp()
    stage.relay.caughtUp(new Set())
    stage.relay.after(ID, { operation: 'Accept' }, true)
    await stage.pass()
    expect(stage.asked).toHaveLength(1)
    expect(stage.story()).toEqual([])
  })
})
