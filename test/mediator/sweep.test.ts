import { expect, it } from 'vitest'
import { MediatorError } from '../../src/domain/errors.ts'
import { createSweep } from '../../src/mediator/sweep.ts'
import type { Worker } from '../../src/mediator/worker.ts'
import type { Due, Store } from '../../src/store/store.ts'
import { createNotebook } from './dead-letter-kit.ts'

it('says once that it broke off, and that it works again; of a store that fails nothing, others do', async () => {
  const { lines, log } = createNotebook()
  const away = new MediatorError('STORE_UNAVAILABLE', 'it is away')
  const answers = [away, away, [], new Error('secret'), new Error('secret'), away, [], []]
  const due = async (): Promise<Due[]> => {
    const answer = answers.shift() ?? []
    if (answer instanceof Error) throw answer
    return answer
  }
  const store = { due } as Partial<Store> as Store
  const worker = { crowd: { size: () => 0 } } as Partial<Worker> as Worker
  const look = async (): Promise<void> => undefined
  const sweep = createSweep({ store, worker, pipeline: {} as never, clock: { now: () => 0 }, log, look })
  while (answers.length > 0) await sweep.once()
  expect(lines).toMatchObject([
    {
      level: 50,
      msg: 'the sweep broke off',
      reason: 'an internal error',
      trace: expect.stringMatching(/^Error/),
    },
    { level: 30, msg: 'the sweep works again' },
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
})
