import { always, type Case, expect } from '../case.ts'
import { DESK } from '../service.ts'

/** Whoever may post events may speak to clients. */
export const door: Case[] = [
  {
    name: 'door',
    promise: 'nobody gets in without the secret: 401, or 404 at a desk that calls nobody',
    canTry: always,
    async run(trial) {
      const statuses = new Set<number>()
      for (const secret of [undefined, '', 'a guess']) {
        const query = secret === undefined ? '' : `?token=${encodeURIComponent(secret)}`
        const url = `${trial.services[0]?.url}/live-agents/desks/${DESK}/events${query}`
        statuses.add((await fetch(url, { method: 'POST', body: '{}' })).status)
      }
      expect('what a stranger is answered', [401, 404].includes([...statuses][0] ?? 0), true)
      expect('whatever the guess', statuses.size, 1)
    },
  },
]
