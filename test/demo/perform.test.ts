import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TEXTS } from '../../demo/config-files.ts'
import { perform } from '../../demo/perform.ts'
import { createScreen } from '../../demo/screen.ts'
import { type Step, scriptFor } from '../../demo/script.ts'
import { type Stage, startStage } from '../../demo/stage.ts'
import { startStage as startRocketchat } from '../../simulators/rocketchat/stage.ts'
import type { DeskStage } from '../../simulators/stage.ts'

describe('the play', () => {
  const { signal } = new AbortController()
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage({
      startDesk: startRocketchat,
      forVisitors: false,
      signal,
      remark: () => undefined,
    })
  })
  afterAll(() => stage?.stop())

  const play = async (script: Step[], desk = stage.desk) => {
    const out = Object.assign(new PassThrough(), { columns: 80 })
    const printed: string[] = []
    out.on('data', chunk => printed.push(String(chunk)))
    const screen = createScreen(out as never)
    await perform(script, { stage: { ...stage, desk }, signal, screen, pause: async () => undefined })
    return printed.join('')
  }
  const start = (): Step[] => [
    { do: 'hand-over', arrives: TEXTS.queued },
    { do: 'agent-takes', arrives: `${stage.desk.agent.name} has joined the chat.` },
  ]

  it('leaves out what a desk cannot do, and nothing else', async () => {
    const desk = bare(stage.desk)
    const script = scriptFor(desk)
    const missing = ['agent-sends', 'desk-goes-down', 'client-says-in-vain', 'desk-is-back']
    expect(script.filter(step => missing.includes(step.do))).toEqual([])
    const printed = await play(script, desk)
    expect(printed).toContain('See you on Saturday. Goodbye!')
    expect(printed).toContain('And may we come on a Saturday?')
    expect(printed).toContain('with reason = agent')
  })

  it('notices words that arrive otherwise than written', async () => {
    const changed: Step = { do: 'agent-says', text: 'a :smile:', arrives: ['a :)'] }
    await expect(play([...start(), changed])).rejects.toThrow('shows “a 😄” in place of “a :)”')
  })
})

/** The same desk, without everything that not all desks have. */
function bare({ power: _power, agent: { name, take, say, close }, ...desk }: DeskStage): DeskStage {
  return { ...desk, agent: { name, take, say, close } }
}
