import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MediatorError } from '../../src/domain/errors.ts'
import { watchStore } from '../../src/mediator/watch-store.ts'
import type { Store } from '../../src/store/store.ts'
import { createNotebook } from './dead-letter-kit.ts'

const SECOND = 1_000
const notebook = createNotebook()
/** What is wrong with it, for whoever reads and for whoever writes. */
let trouble: { reads?: string; writes?: string }
let watched: ReturnType<typeof watchStore>

const answer = async (reason: string | undefined): Promise<undefined> => {
  if (reason !== undefined) throw new MediatorError('STORE_UNAVAILABLE', reason)
}
const store = {
  findById: () => answer(trouble.reads),
  forget: () => answer(trouble.writes),
  check: () => answer(trouble.writes),
} as Partial<Store> as Store

const read = () => watched.store.findById('s').catch(error => error.message)
const write = () => watched.store.forget('s', 0).catch(error => error.message)
const lines = () => notebook.lines.map(({ level, msg, reason, seconds }) => ({ level, msg, reason, seconds }))
const FULL = { level: 50, msg: 'the store fails', reason: 'it is full' }

beforeEach(() => {
  vi.useFakeTimers()
  notebook.lines.length = 0
  trouble = {}
  watched = watchStore(store, notebook.log)
})
afterEach(() => {
  watched.stop()
  vi.useRealTimers()
})

it('says nothing of a store that works, nor of what else goes wrong', async () => {
  await Promise.all([read(), write()])
  const odd = watchStore({ ...store, forget: () => Promise.reject(new Error('odd')) }, notebook.log)
  await expect(odd.store.forget('s', 0)).rejects.toThrow('odd')
  await vi.advanceTimersByTimeAsync(10 * SECOND)
  expect(lines()).toEqual([])
})

it('says once when it begins to fail, and once when it works again and how long that took', async () => {
  trouble = { writes: 'it is full' }
  for (let tries = 0; tries < 90; tries++) {
    expect(await write()).toBe('it is full')
    expect(await read()).toBeUndefined()
    await vi.advanceTimersByTimeAsync(SECOND)
  }
  expect(lines()).toEqual([FULL])
  trouble = {}
  await vi.advanceTimersByTimeAsync(10 * SECOND)
  expect(lines()).toEqual([FULL, { level: 30, msg: 'the store works again', seconds: 91 }])
  trouble = { reads: 'it is away' }
  await read()
  expect(lines()).toHaveLength(3)
})

it('does not take it for well while calls still fail, whatever the trial says', async () => {
  trouble = { reads: 'it is away' }
  for (let tries = 0; tries < 20; tries++) {
    await read()
    await vi.advanceTimersByTimeAsync(SECOND)
  }
  expect(lines()).toHaveLength(1)
})

it('is quiet while it comes and goes', async () => {
  for (let tries = 0; tries < 20; tries++) {
    trouble = tries % 2 === 0 ? { writes: 'it is full' } : {}
    await write()
    await vi.advanceTimersByTimeAsync(2 * SECOND)
  }
  expect(lines()).toEqual([FULL])
})

it('is quiet once it is stopped', async () => {
  watched.stop()
  trouble = { writes: 'it is closed' }
  await write()
  await vi.advanceTimersByTimeAsync(10 * SECOND)
  expect(lines()).toEqual([])
})
