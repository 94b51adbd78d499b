import { MediatorError } from '../../src/domain/errors.ts'
import { createBareDesk } from '../bare-desk.ts'
import { type Case, expect, isSimulated } from '../case.ts'

export const abort: Case[] = [
  {
    name: 'abort',
    promise: 'a call that is broken off ends at once, as something that may be tried again',
    canTry: isSimulated,
    async run({ stage, until }) {
      const { desk, asked, callWith, close } = createBareDesk(stage)
      const stop = new AbortController()
      const stall = stage.faults.add({ kind: 'stall', route: stage.routes.open })
      const client = { uuid: '6f1c0a52-8d1e-4f0e-9b58-0c1a2b3c4d5e', name: 'Example Client' }
      const request = { session: 'bare-session', client, department: stage.department, results: {} }
      const outcome = desk.openConversation(request, callWith(stop.signal)).catch(error => error)
      const called = () => stage.faults.list().find(({ id }) => id === stall)?.fired
      await until('the desk is called', () => called() || asked())
      const began = performance.now()
      stop.abort()
      const error = await outcome
      await close()
      expect('it is ours, and may pass', error instanceof MediatorError && error.transient, true)
      // The door's own timeout is 7 s: it was the signal.
      expect('it ended by the signal', performance.now() - began < 5_000, true)
    },
  },
]
