import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TEXTS } from '../../demo/config-files.ts'
import { perform } from '../../demo/perform.ts'
import { createScreen } from '../../demo/screen.ts'
import { AGENT, type Step } from '../../demo/script.ts'
import { type Stage, startStage } from '../../demo/stage.ts'

describe('the play', () => {
  const { signal } = new AbortController()
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage({ signal, remark: () => undefined })
  })
  afterAll(() => stage?.stop())

  const play = (script: Step[]) =>
    perform(script, {
      stage,
      signal,
      screen: createScreen(Object.assign(new PassThrough(), { columns: 80 }) as never),
      pause: async () => undefined,
    })
  const start: Step[] = [
    { do: 'hand-over', arrives: TEXTS.queued },
    { do: 'agent-takes', arrives: `${AGENT} has joined the chat.` },
  ]

  it('notices words that arrive otherwise than written', async () => {
    const changed: Step = { do: 'agent-says', text: 'a :smile:', arrives: ['a :)'] }
    await expect(play([...start, changed])).rejects.toThrow('shows “a 😄” in place of “a :)”')
  })
})
