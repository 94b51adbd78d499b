import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Rocketchat } from '../../simulators/rocketchat/index.ts'
import { startRocketchat } from '../../simulators/rocketchat/index.ts'
import { bot, call, type Json } from './rocketchat-kit.ts'

/** The vendor's own validators (`@rocket.chat/rest-typings`), held against what the simulator lets in. */
type Validator = (value: unknown) => boolean
const vendor: Record<string, Validator> = {}
let rocketchat: Rocketchat

beforeAll(async () => {
  Object.assign(vendor, await import('@rocket.chat/rest-typings/dist/v1/omnichannel.js'))
  rocketchat = await startRocketchat({ settings: { API_Enable_Rate_Limiter: false } })
})
afterAll(() => rocketchat.stop())

const room = { rid: 'r', token: 't' }
const routes: [validator: string, method: string, path: string, valid: Json][] = [
  ['isPOSTLivechatMessageParams', 'POST', 'message', { ...room, msg: 'm', _id: 'i' }],
  ['isPUTLivechatMessageIdParams', 'PUT', 'message/i', { ...room, msg: 'm' }],
  ['isDELETELivechatMessageIdParams', 'DELETE', 'message/i', room],
  ['isGETLivechatMessageIdParams', 'GET', 'message/i', room],
  ['isGETLivechatMessagesHistoryRidParams', 'GET', 'messages.history/r', { token: 't', limit: '5', ls: 'x' }],
  ['isPOSTLivechatRoomCloseParams', 'POST', 'room.close', room],
  [
    'isPOSTLivechatRoomCloseByUserParams',
    'POST',
    'room.closeByUser',
    { rid: 'r', comment: 'c', tags: ['a'] },
  ],
  [
    'isPOSTLivechatVisitorDepartmentTransferParams',
    'POST',
    'visitor/department.transfer',
    { ...room, department: 'd' },
  ],
  ['isLiveChatRoomForwardProps', 'POST', 'room.forward', { roomId: 'r', userId: 'u' }],
  ['isPOSTLivechatRoomSurveyParams', 'POST', 'room.survey', { ...room, data: [{ name: 'n', value: 'v' }] }],
  ['isPOSTLivechatPageVisitedParams', 'POST', 'page.visited', page('t')],
  [
    'isPOSTLivechatCustomFieldParams',
    'POST',
    'custom.field',
    { token: 't', key: 'k', value: 'v', overwrite: true },
  ],
  [
    'isPOSTLivechatCustomFieldsParams',
    'POST',
    'custom.fields',
    { token: 't', customFields: [{ key: 'k', value: 'v', overwrite: true }] },
  ],
  ['isPOSTLivechatTranscriptParams', 'POST', 'transcript', { ...room, email: 'e', subject: 's' }],
  ['isLivechatVisitorStatusProps', 'POST', 'visitor.status', { token: 't', status: 's' }],
  ['isPOSTLivechatOfflineMessageParams', 'POST', 'offline.message', { name: 'n', email: 'e', message: 'm' }],
  ['isGETLivechatConfigParams', 'GET', 'config', { token: 't', department: 'd' }],
]

function page(token: string): Json {
  return { token, pageInfo: { change: 'url', title: 't', location: { href: 'h' } } }
}

/** The valid body, and that body once without each key, with each key of another type, and with a stray key. */
function variants(valid: Json): Json[] {
  const keys = Object.keys(valid)
  return [
    valid,
    ...keys.map(key => Object.fromEntries(Object.entries(valid).filter(([other]) => other !== key))),
    ...keys.flatMap(key => [{}, null, 7, ['a', 'b']].map(value => ({ ...valid, [key]: value }))),
    { ...valid, stray: 'x' },
  ]
}

test.each(routes)('%s agrees with the simulator', async (name, method, path, valid) => {
  const isQuery = method === 'GET'
  const bodies = isQuery ? variants(valid).filter(body => Object.values(body).every(isText)) : variants(valid)
  for (const body of bodies) {
    const expected = vendor[name]?.(structuredClone(body))
    expect({ body, accepted: await accepts(method, path, body) }).toEqual({ body, accepted: expected })
  }
})

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

async function accepts(method: string, path: string, body: Json): Promise<boolean> {
  const query = new URLSearchParams(
    Object.entries(body).filter((entry): entry is [string, string] => isText(entry[1])),
  )
  const isQuery = method === 'GET'
  const answer = await call(
    rocketchat,
    method,
    isQuery ? `${path}?${query}` : path,
    isQuery ? undefined : body,
    bot,
  )
  expect(answer.status).toBeLessThan(500)
  return answer.body.errorType !== 'invalid-params'
}
