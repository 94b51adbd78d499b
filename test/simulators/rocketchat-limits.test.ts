import { expect, test } from 'vitest'
import type { Rocketchat, RocketchatOptions } from '../../simulators/rocketchat/index.ts'
import { bot, call, startWorkspace } from './rocketchat-kit.ts'

const on = { API_Enable_Rate_Limiter: true }
let now = 1_800_000_000_000
const start = (options: RocketchatOptions = {}) =>
  startWorkspace({ settings: on, now: () => now, ...options })

async function statuses(
  rocketchat: Rocketchat,
  times: number,
  path: string,
  headers = {},
): Promise<number[]> {
  const answers = []
  for (let time = 0; time < times; time++)
    answers.push(await call(rocketchat, 'GET', path, undefined, headers))
  return answers.map(({ status }) => status)
}

test('the eleventh call in a minute is refused, in the words and headers of the vendor', async () => {
  const rocketchat = await start()
  expect(await statuses(rocketchat, 10, 'config')).toEqual(Array(10).fill(200))
  now += 18_000
  const { status, body, headers } = await call(rocketchat, 'GET', 'config')
  expect(status).toBe(429)
  expect(body).toEqual({
    success: false,
    error:
      'Error, too many requests. Please slow down. You must wait 42 seconds before trying this endpoint again. ' +
      '[error-too-many-requests]',
  })
  expect(headers.get('x-ratelimit-limit')).toBe('10')
  expect(headers.get('x-ratelimit-remaining')).toBe('0')
  expect(headers.get('x-ratelimit-reset')).toBe(String(now + 42_000))
  expect(headers.get('retry-after')).toBeNull()
  now += 42_000
  expect(await statuses(rocketchat, 1, 'config')).toEqual([200])
})

test.each([
  ['8.8', 5],
  ['6.4', 10],
] as const)('%s lets %i rooms a minute through', async (profile, limit) => {
  const rocketchat = await start({ profile })
  const limited = (await statuses(rocketchat, 11, 'room?token=x')).indexOf(429)
  expect(limited).toBe(limit)
})

test('one route counts as one whatever its path, and each address for itself', async () => {
  const rocketchat = await start()
  for (let room = 0; room < 10; room++) await call(rocketchat, 'GET', `messages.history/${room}?token=x`)
  expect(await statuses(rocketchat, 1, 'messages.history/other?token=x')).toEqual([429])
  expect(await statuses(rocketchat, 1, 'messages.history/other?token=x', { 'x-real-ip': '1.2.3.4' })).toEqual(
    [400],
  )
  expect(
    await statuses(rocketchat, 1, 'messages.history/o?token=x', { 'x-forwarded-for': '1.2.3.4' }),
  ).toEqual([429])
})

test.each([
  ['8.8', 200],
  ['7.11', 429],
] as const)('%s answers the bot user %i', async (profile, status) => {
  const rocketchat = await start({ profile })
  expect((await statuses(rocketchat, 11, 'config', bot)).at(-1)).toBe(status)
})

test('the limiter can be turned off', async () => {
  const rocketchat = await start({ settings: { API_Enable_Rate_Limiter: false } })
  expect((await statuses(rocketchat, 11, 'room?token=x')).at(-1)).toBe(400)
})
