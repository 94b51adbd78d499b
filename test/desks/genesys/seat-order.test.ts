import { describe, expect, test } from 'vitest'
import { storyOf } from './fake-link.ts'
import { BEGINNING, CLIENT, ID, joined, SEAT, setStage, startChat, text } from './seat-relay-stage.ts'

describe('order', () => {
  test('of lines that come in any order, and more than once', async () => {
    const stage = await startChat()
    stage.lines(text(5, 'c'))
    stage.lines(text(4, 'b'), text(5, 'c'))
    await stage.pass()
    expect(stage.story()).toEqual([])
    stage.lines(text(3, 'a'), text(3, 'a'))
    stage.lines(text(6, 'd'), text(4, 'b'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: a', 'Ana: b', 'Ana: c', 'Ana: d'])
    expect(stage.books.repeats).toEqual([])
    expect(stage.cursor()).toBe('6')
  })

  test('a missing line is asked for; if the history does not have it, the others go on', async () => {
    const stage = await startChat()
    stage.lines(text(4, 'b'))
    await stage.pass(900)
    expect(stage.asked).toEqual([])
    await stage.pass(1_100)
    expect(stage.asked).toHaveLength(1)
    stage.lines(...BEGINNING, text(4, 'b'))
    await stage.pass(2_000)
    expect(stage.story()).toEqual([])
    await stage.pass(2_000)
    expect(stage.story()).toEqual(['Ana: b'])
    expect(stage.asked).toHaveLength(1)
  })

  test('a history that was asked for before it went missing proves nothing', async () => {
    const stage = await startChat()
    stage.relay.caughtUp(undefined)
    await stage.pass()
    stage.lines(...BEGINNING)
    stage.lines(text(4, 'b'))
    await stage.pass()
    expect(stage.asked).toHaveLength(1)
    await stage.pass(30_000)
    expect(stage.asked).toHaveLength(2)
    expect(stage.story()).toEqual([])
    stage.lines(...BEGINNING, text(3, 'a'), text(4, 'b'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: a', 'Ana: b'])
  })

  test('a history that was agreed to and does not come is waited for, and asked for again', async () => {
    const stage = await startChat()
    stage.lines(text(4, 'b'))
    await stage.pass(1_000)
    await stage.pass(30_000)
    await stage.pass(30_000)
    expect(stage.asked).toHaveLength(3)
    expect(stage.story()).toEqual([])
    stage.lines(...BEGINNING, text(3, 'a'), text(4, 'b'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: a', 'Ana: b'])
  })

  test('what is missed while a history is being asked for is asked for once more', async () => {
    const stage = await startChat()
    stage.relay.caughtUp(undefined)
    const asking = stage.relay.settle()
    expect(stage.asked).toHaveLength(1)
    stage.relay.caughtUp(undefined)
    await asking
    await stage.pass()
    expect(stage.asked).toHaveLength(2)
    await stage.pass(30_000)
    expect(stage.asked).toHaveLength(2)
  })

  test('what was dropped for want of a session was not left out', async () => {
    const stage = setStage()
    stage.relay.before(ID, { operation: 'Accept' })
    stage.lines(...BEGINNING)
    stage.lines(...BEGINNING, text(3, 'a'), text(4, 'b'))
    await stage.pass(40_000)
    stage.lines(text(5, 'c'))
    await stage.pass(25_000)
    stage.session()
    await stage.pass(1_000)
    await stage.pass(30_000)
    expect(stage.story()).toEqual([])
    stage.lines(...BEGINNING, text(3, 'a'), text(4, 'b'), text(5, 'c'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: a', 'Ana: b', 'Ana: c'])
  })

  test('a process that slept does not pass a line over before it has asked for it', async () => {
    const stage = await startChat()
    stage.lines(text(4, 'b'))
    await stage.pass()
    await stage.pass(30_000)
    expect(stage.story()).toEqual([])
    stage.lines(text(3, 'a'), text(4, 'b'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: a', 'Ana: b'])
  })

  test('a desk that fails to give the history is asked again, and not waited for longer than a minute', async () => {
    const failed = { ok: false, status: 502, msg: '', body: '' } as const
    const stage = await startChat(failed)
    stage.lines(text(4, 'b'))
    for (let second = 0; second < 58; second++) await stage.pass(1_000)
    expect(stage.asked.length).toBeGreaterThan(5)
    expect(stage.story()).toEqual([])
    await stage.pass(5_000)
    expect(stage.story()).toEqual(['Ana: b'])
  })

  test('a line that comes too late is left out', async () => {
    const stage = await startChat('none')
    stage.lines(text(4, 'b'))
    for (let second = 0; second < 8; second++) await stage.pass(1_000)
    stage.lines(text(3, 'a'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: b'])
  })
})

describe('where to begin', () => {
  test('after the seat’s own coming, also when agents have spoken since', async () => {
    const stage = setStage()
    stage.relay.before(ID, { operation: 'Accept' })
    stage.lines(text(1, 'old'), joined(2, SEAT), text(3, 'new'))
    stage.session()
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: new'])
  })

  test('after the whole history, where its coming is not to be seen', async () => {
    const stage = setStage()
    stage.relay.before(ID, { operation: 'Accept' })
    stage.lines(text(1, 'old'), text(2, 'older'))
    stage.lines(text(3, 'new'))
    stage.session()
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: new'])
  })

  test('an Accept that was refused begins nothing', async () => {
    const stage = setStage()
    stage.relay.before(ID, { operation: 'Accept' })
    stage.relay.after(ID, { operation: 'Accept' }, false)
    stage.lines(text(1, 'old'))
    stage.session()
    await stage.pass()
    expect(stage.story()).toEqual([])
    expect(stage.asked).toHaveLength(1)
  })

  test('with the first words heard, where there is no history to be had', async () => {
    const stage = setStage('none')
    stage.session()
    await stage.pass()
    stage.lines(text(7, 'hello'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: hello'])
  })

  test('where the replica before us has ended, and the history is asked for the rest', async () => {
    const stage = setStage()
    stage.session()
    const one = stage.books.sessions.get(ID)
    if (one) one.cursor = '4'
    await stage.pass()
    expect(stage.asked).toHaveLength(1)
    stage.lines(joined(1, CLIENT), joined(2, SEAT), text(3, 'a'), text(4, 'b'), text(5, 'c'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: c'])
  })

  test('the beginning is kept, so that the next replica knows it', async () => {
    const stage = await startChat()
    expect(stage.cursor()).toBe('2')
  })
})

test('the end comes after what is still missing was waited for', async () => {
  const stage = await startChat()
  stage.lines(text(4, 'last words'))
  stage.chat({ state: 'Completed' })
  await stage.pass()
  expect(stage.story()).toEqual([])
  await stage.pass(5_000)
  stage.chat({ state: 'Completed' })
  await stage.pass()
  expect(stage.story()).toEqual(['Ana: last words', 'end agent'])
})

test('another session of the same interaction begins where the other has ended', async () => {
  const stage = await startChat()
  stage.lines(text(3, 'to the first'))
  await stage.pass()
  const first = stage.books.sessions.get(ID)
  stage.books.sessions.clear()
  if (first) stage.books.sessions.set('s2', { ...first, session: { ...first.session, id: 's2' } })
  await stage.pass(1_000)
  stage.lines(text(3, 'to the first'), text(4, 'to the second'))
  await stage.pass()
  expect(storyOf(stage.books, 's2')).toEqual(['Ana: to the second'])
})
