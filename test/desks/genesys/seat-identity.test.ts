import { describe, expect, test } from 'vitest'
import { ANA, CLIENT, ID, joined, SEAT, setStage, startChat, text } from './seat-relay-stage.ts'

describe('who is the seat, where agents have no addresses', () => {
  test('learnt from the echo', async () => {
    const stage = await startChat()
    stage.relay.before(ID, { operation: 'Send', text: 'mine' })
    stage.lines(text(3, 'mine'), text(4, 'mine', SEAT), text(5, 'unexpected', SEAT), text(6, 'mine'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: mine', 'Ana: mine'])
  })

  test('not from words that were not taken', async () => {
    const stage = await startChat()
    stage.relay.before(ID, { operation: 'Send', text: 'mine' })
    stage.relay.after(ID, { operation: 'Send', text: 'mine' }, false)
    stage.lines(text(3, 'mine', { ...ANA, nickname: 'Helper' }))
    await stage.pass()
    expect(stage.story()).toEqual(['Helper: mine'])
  })

  test('learnt from the list of participants, when only one has its name', async () => {
    const stage = await startChat()
    stage.chat({ participants: [CLIENT, SEAT, ANA] })
    stage.lines(text(3, 'by the seat', SEAT), text(4, 'hi'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: hi'])
  })

  test('while it is not sure, its coming and going is rather not told', async () => {
    const stage = setStage()
    stage.session()
    const one = stage.books.sessions.get(ID)
    if (one) one.cursor = '1'
    await stage.pass()
    stage.lines(
      joined(2, SEAT),
      joined(3, ANA),
      { ...joined(4, SEAT), type: 'ParticipantLeft' },
      text(5, 'hi'),
    )
    await stage.pass()
    expect(stage.story()).toEqual(['+Ana', 'Ana: hi'])
  })

  test('a namesake is not the seat', async () => {
    const stage = await startChat()
    const namesake = { ...ANA, nickname: 'Helper' }
    stage.chat({ participants: [namesake, SEAT] })
    stage.lines(text(3, 'by the other', namesake))
    await stage.pass()
    expect(stage.story()).toEqual(['Helper: by the other'])
  })

  test('by the address of the seat, whatever it is called', async () => {
    const stage = await startChat()
    const seat = { ...ANA, uri: 'https://gws/api/v2/users/u1' }
    stage.chat({ participants: [seat] })
    stage.lines(text(3, 'a', seat), text(4, 'b', { ...ANA, id: 'u2', nickname: 'Helper' }), text(5, 'c', ANA))
    await stage.pass()
    expect(stage.story()).toEqual(['Helper: b'])
  })

  test('the name it was given with Accept', async () => {
    const stage = setStage()
    stage.relay.before(ID, { operation: 'Accept', nickname: 'Bea' })
    const bea = { ...SEAT, nickname: 'Bea' }
    stage.lines(text(1, 'old'), joined(2, bea), text(3, 'new'))
    stage.session()
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: new'])
  })
})

test('only agents’ texts for everybody are words to the client', async () => {
  const stage = await startChat()
  const supervisor = { type: 'Supervisor', nickname: 'Sue' }
  stage.lines(
    text(3, 'whisper', ANA, { visibility: 'Agents' }),
    text(4, 'odd', ANA, { visibility: 'Nobody' }),
    text(5, 'client', CLIENT),
    text(6, 'client', { ...CLIENT, type: 'Client' }),
    text(7, 'robot', { type: 'External', nickname: 'x' }),
    text(8, 'nobody', { nickname: 'x' }),
    { index: 9, type: 'Notice', text: 'machine', from: ANA },
    { index: 10, type: 'CustomNotice', noticeText: 'machine', from: ANA },
    text(11, '', ANA),
    { index: 12, type: 'Text', text: 'by nobody' },
    text(13, 'no visibility', ANA, { visibility: undefined, timestampSeconds: 1_700_000_000_000 }),
    text(14, 'from above', supervisor, { timestampSeconds: 1_700_000_000 }),
  )
  await stage.pass()
  expect(stage.story()).toEqual(['Ana: no visibility', 'Sue: from above'])
  expect(stage.books.events.map(({ id, at }) => [id, at])).toEqual([
    ['i1:13', 1_700_000_000_000],
    ['i1:14', undefined],
  ])
  expect(stage.cursor()).toBe('14')
})
