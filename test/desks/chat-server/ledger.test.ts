import { expect, test } from 'vitest'
import { isRefusal } from '../../../src/desks/chat-server/acks.ts'
import { createLedger } from '../../../src/desks/chat-server/ledger.ts'
import type { Print } from '../../../src/desks/chat-server/print.ts'

const ok: Print = { content: 'ok' }
const withId = (id: string, content = 'ok'): Print => ({ content, id })
const at = (time: string, content = 'ok'): Print => ({ content, time })

type Row = [label: string, passedOn: Print[], replay: Print[], isNew: boolean[]]

test.each<Row>([
  ['all is new at first', [], [ok, ok], [true, true]],
  ['the same ids are old', [withId('1')], [withId('1'), withId('2')], [false, true]],
  ['an id decides, not the words', [withId('1')], [withId('2')], [true]],
  ['times decide where there are no ids', [at('1')], [at('1'), at('2')], [false, true]],
  ['the same time with other words is new', [at('1')], [at('1', 'no')], [true]],
  ['without ids and times they are counted', [ok, ok], [ok, ok, ok], [false, false, true]],
  [
    'the order among equals is no matter',
    [{ content: 'b' }, { content: 'a' }],
    [{ content: 'a' }, { content: 'b' }],
    [false, false],
  ],
  ['a replay may know an id that was not heard', [ok], [withId('1'), withId('2')], [false, true]],
  ['a replay may lack the id that was heard', [withId('1')], [ok, ok], [false, true]],
  ['exact ones are found before similar ones', [ok, withId('1')], [withId('1'), ok], [false, false]],
  ['a replay may be cut', [withId('1'), withId('2')], [withId('2'), withId('3')], [false, true]],
])('%s', (_, passedOn, replay, isNew) => {
  const ledger = createLedger()
  for (const print of passedOn) ledger.add(print)
  expect(ledger.news(replay)).toEqual(isNew)
  expect(createLedger(ledger.cursor()).news(replay)).toEqual(isNew)
})

test('live, only exact repeats are known', () => {
  const ledger = createLedger()
  for (const print of [ok, withId('1'), at('5')]) ledger.add(print)
  expect([ok, withId('1'), withId('2'), at('5'), at('6'), at('5', 'no')].map(ledger.knows)).toEqual([
    false,
    true,
    false,
    true,
    false,
    false,
  ])
})

test('stays small, and then takes what stands before something known for known', () => {
  const ledger = createLedger()
  const all = Array.from({ length: 500 }, (_, index) => withId(`${index}`, 'abcdef'))
  for (const print of all) ledger.add(print)
  expect(ledger.cursor().length).toBeLessThan(5_000)
  const later = createLedger(ledger.cursor())
  expect(later.news([...all, withId('new')])).toEqual([...all.map(() => false), true])
  expect(later.add(ok)).toBe(501)
})

test.each([undefined, '', 'nonsense', '{}', '[]', '{"n":-1,"marks":[],"present":[]}'])(
  'begins anew with the cursor %j',
  cursor => {
    expect(createLedger(cursor).news([ok])).toEqual([true])
  },
)

test.each<[unknown[], boolean]>([
  [[], false],
  [[{ status: 'ok' }], false],
  [[null, { conversationId: 'c-1' }], false],
  [['joined'], false],
  [[true], false],
  [[{ code: 200, success: true }], false],
  [[{ error: 'refused' }], true],
  [['Conversation not found'], true],
  [[{ status: 'error' }], true],
  [[{ statusCode: 404 }], true],
  [[{ success: false }], true],
  [[false], true],
  [[500], true],
  [[null, { errors: ['x'] }], true],
])('the acknowledgement %j says no: %s', (answer, refused) => {
  expect(isRefusal(answer)).toBe(refused)
})
