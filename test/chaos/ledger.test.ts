import { describe, expect, it } from 'vitest'
import { type Judgement, judge, type Screen } from '../../chaos/judge/judge.ts'
import { createLedger, type Direction, numberIn } from '../../chaos/judge/ledger.ts'

/** Three messages to one client, each acknowledged before the next is written, at 10, 20, 30… */
function talk(count = 3, direction: Direction = 'to_client') {
  const ledger = createLedger()
  const texts = Array.from({ length: count }, (_, i) => {
    const { number, text } = ledger.write(0, direction)
    ledger.asked(number, 10 * number - 3)
    ledger.called(number, 10 * number)
    ledger.acknowledged(number, 10 * number + 5, 5)
    return { text, at: 10 * i + 7 }
  })
  return { ledger, texts }
}

function see(texts: Screen['shown'], ledger: ReturnType<typeof createLedger>): Judgement {
  return judge(ledger.all(), [{ conversation: 0, direction: 'to_client', shown: texts }])
}

describe('the ledger', () => {
  it('has nothing to say when all arrives once and in order', () => {
    const { ledger, texts } = talk()
    expect(see(texts, ledger)).toEqual({
      lost: [],
      reordered: [],
      doubled: [],
      strange: [],
      arrived: { to_agent: 0, to_client: 3 },
      notices: { to_agent: 0, to_client: 0 },
      deliveries: [10, 10, 10],
    })
  })

  it('sees a lost message, but not one that was never acknowledged', () => {
    const { ledger, texts } = talk()
    ledger.write(0, 'to_client')
    const { lost } = see(texts.slice(1), ledger)
    expect(lost.map(({ number }) => number)).toEqual([0])
  })

  it('sees every copy of a doubled message', () => {
    const { ledger, texts } = talk()
    const [first] = texts
    if (!first) throw new Error('nothing was written')
    const { doubled, reordered, arrived } = see([...texts, first, first], ledger)
    expect(doubled).toMatchObject([{ message: { number: 0 }, copies: 2 }])
    expect(reordered).toEqual([])
    expect(arrived.to_client).toBe(3)
  })

  it('sees swapped messages', () => {
    const { ledger, texts } = talk()
    const { reordered, lost } = see(texts.toReversed(), ledger)
    expect(reordered.map(({ number }) => number)).toEqual([1, 2])
    expect(lost).toEqual([])
  })

  it('demands no order of what was under way at the same time', () => {
    const ledger = createLedger()
    const texts = [1, 2].map(() => ledger.write(0, 'to_client'))
    for (const { number } of texts) ledger.called(number, 10)
    for (const { number } of texts) ledger.acknowledged(number, 20, 10)
    expect(see(texts.map(({ text }) => ({ text, at: 0 })).toReversed(), ledger).reordered).toEqual([])
  })

  it('sees one that was never acknowledged before what was acknowledged before it was written', () => {
    const { ledger, texts } = talk(1)
    const late = ledger.write(0, 'to_client')
    ledger.called(late.number, 50)
    const { reordered } = see([{ text: late.text, at: 60 }, ...texts], ledger)
    expect(reordered.map(({ number }) => number)).toEqual([late.number])
  })

  it('sees a message that reached somebody else, or came back', () => {
    const { ledger, texts } = talk()
    const shown = texts.slice(0, 1)
    const judgement = judge(ledger.all(), [
      { conversation: 0, direction: 'to_client', shown: texts },
      { conversation: 1, direction: 'to_client', shown },
      { conversation: 0, direction: 'to_agent', shown },
    ])
    expect(judgement.strange).toMatchObject([{ shownIn: 1 }, { shownIn: 0 }])
  })

  it('tells the mediator’s own words from messages', () => {
    const { ledger, texts } = talk()
    expect(see([...texts, { text: 'sorry, #7 of them', at: 1 }], ledger).notices.to_client).toBe(1)
    expect(numberIn('#12 of 3, to_agent')).toBe(12)
    expect(numberIn(undefined)).toBeUndefined()
  })

  it('lets go of who waits when the message is acknowledged, or nothing is heard of it', async () => {
    const ledger = createLedger()
    const { number } = ledger.write(0, 'to_client')
    const held = ledger.hold(number, 60_000)
    ledger.acknowledged(number, 1, 1)
    ledger.acknowledged(number, 2, 2)
    expect(await held).toBe(true)
    expect(await ledger.hold(number, 60_000)).toBe(true)
    expect(ledger.countAcknowledged('to_client')).toBe(1)
    expect(await ledger.hold(ledger.write(0, 'to_agent').number, 1)).toBe(false)
  })
})
