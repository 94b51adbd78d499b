import { describe, expect, test } from 'vitest'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { webhookOf } from '../webhook-of.ts'
import { ROOM, setStage } from './support.ts'
import { changed, parse } from './tidings.ts'

const WHEN = { eventTime: 1706295000 }
const closing = (timestamp: string, rest = '') =>
  `{"name":"closed","roomId":"${ROOM}","timestamp":${timestamp},"eventTime":1706295001${rest}}`
const only = (events: AgentEvent[]) => events[0] as AgentEvent

describe('the timestamp', () => {
  test('tells events apart that differ in digits JSON numbers lose', () => {
    const [one, other] = ['1706293970842633079', '1706293970842633080']
    expect(JSON.parse(one)).toBe(JSON.parse(other))
    expect(only(parse(closing(one))).id).toBe(`closed:${ROOM}:${one}`)
    expect(only(parse(closing(other))).id).toBe(`closed:${ROOM}:${other}`)
  })

  test('is not one further in, nor one in somebody’s words', () => {
    const data = '{"timestamp":1111111111111111111,"message":"\\"timestamp\\":2222222222222222222"}'
    const text = `{"data":${data},"name":"message","roomId":"${ROOM}","timestamp":1706293970842633079,"more":[{"timestamp":3333333333333333333}]}`
    expect(only(parse(text)).id).toBe(`message:${ROOM}:1706293970842633079`)
  })

  test.each([
    ['{"toString":null}'],
    ['{"valueOf":1,"toString":{}}'],
    [`${'['.repeat(9000)}${']'.repeat(9000)}`],
  ])('is passed over where it is none, such as %.20s', timestamp => {
    expect(only(parse(closing(timestamp)))).toMatchObject({ type: 'closed', conversation: ROOM })
  })

  test.each([
    ['ns', '1706293970842633079', 1706293970842],
    ['ns in quotes', '"1706293970842633079"', 1706293970842],
    ['µs', '1706293970842633', 1706293970842],
    ['ms', '1706293970842', 1706293970842],
    ['digits of no known unit', '17062939708426', 1706295001000],
  ])('%s', (_label, timestamp, at) => {
    const digits = timestamp.replaceAll('"', '')
    expect(only(parse(closing(timestamp)))).toMatchObject({ id: `closed:${ROOM}:${digits}`, at })
  })

  test.each([
    '1706293970',
    '1.706293970842633e18',
    '-1706293970842633079',
    '"soon"',
    '""',
    'null',
    '{}',
    'true',
  ])('%s tells no event from the next, so that none is dropped', timestamp => {
    expect(only(parse(closing(timestamp)))).toMatchObject({ id: undefined, at: 1706295001000 })
  })

  test.each([
    ['none at all', { ...WHEN, timestamp: undefined }, 1706295000000],
    ['nor a time of the event', { timestamp: undefined, eventTime: undefined }, undefined],
    ['nor one that can be read', { timestamp: undefined, eventTime: 'soon' }, undefined],
    ['nor one there was', { timestamp: undefined, eventTime: -5 }, undefined],
  ])('%s', (_label, change, at) => {
    const event = only(parse(changed('closed', change)))
    expect([event.id, event.at]).toEqual([undefined, at])
  })

  test.each([
    ['no text', ''],
    ['a text that is no JSON', '{'],
    ['a text that is something else', 'null'],
    ['a text too deep for its reader', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('is rounded where there is %s', (_label, text) => {
    const body = JSON.parse(closing('1706293970842633079'))
    const event = only(webhookOf(setStage().desk).parse({ body, text }))
    expect(event.id).toMatch(new RegExp(`^closed:${ROOM}:1706293970842633\\d{3}$`))
    expect(event.at).toBe(1706293970842)
  })
})
