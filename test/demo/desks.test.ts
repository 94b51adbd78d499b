import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Step, scriptFor } from '../../demo/script.ts'
import { stages } from '../../simulators/stages.ts'
import { until } from '../support/until.ts'
import { type DemoRun, runDemo } from './run-demo.ts'

const run = promisify(execFile)

/** Most of it is waiting for the next try; the rest takes long where many tests run at once. */
const PATIENCE_MS = 180_000

describe('the demo', () => {
  it.concurrent.for(Object.entries(stages))(
    'plays the whole hand-over with the desk %s once, checks it, and ends with 0',
    { timeout: PATIENCE_MS },
    async ([name, startDesk], { expect, onTestFinished }) => {
      const demo = runDemo(['--once', '--fast', '--desk', name])
      onTestFinished(demo.cleanUp)
      expect(await demo.ended, demo.errors()).toBe(0)
      expectOnceInOrder(demo.text(), await expectedWords(startDesk))
      expect(demo.text()).toContain('Everything that was said has arrived, in order, each message once.')
      expect(linesOf(demo).find(line => line.length > 80)).toBeUndefined()
      expect(demo.leftovers()).toEqual([])
    },
  )

  it.each(Object.keys(stages))(
    'prints lines for the desk %s that work when they are pasted',
    { timeout: PATIENCE_MS },
    async name => {
      const demo = runDemo(['--no-play', '--fast', '--desk', name])
      onTestFinished(demo.cleanUp)
      const isUp = () => demo.text().includes('Ctrl-C ends it all.') || demo.errors()
      await until('it stays up', isUp, PATIENCE_MS)
      for (const line of linesOf(demo).filter(line => line.startsWith('curl '))) {
        const { stdout } = await run('sh', ['-c', line])
        expect(stdout, line).not.toMatch(/"error"|"status_code":[45]/)
      }
      await until('the agent is shown', () => /on the screen of \S+\s+Is anybody there\?/.test(demo.text()))
      if (demo.text().includes('# answer as the agent'))
        await until('the phone is shown', () => /on the phone of Pedro\s+Yes, I am 👋/.test(demo.text()))
      demo.pressCtrlC()
      expect(await demo.ended).toBe(0)
      expect(demo.errors()).toBe('')
      expect(demo.leftovers()).toEqual([])
    },
  )
})

/** The words are wrapped into columns there. */
function expectOnceInOrder(screen: string, words: string[]): void {
  const printed = screen.split(/\s+/).join(' ')
  const counts = words.map(text => [text, printed.split(text).length - 1])
  expect(counts).toEqual(words.map(text => [text, 1]))
  const places = words.map(text => printed.indexOf(text))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
}

function linesOf(demo: DemoRun): string[] {
  return demo.text().split('\n')
}

/** What is shown of everything that is said at this desk, in order. */
async function expectedWords(startDesk: (typeof stages)[string]): Promise<string[]> {
  const desk = await startDesk()
  const words = scriptFor(desk).flatMap(wordsOf)
  await desk.stop()
  return words
}

function wordsOf(step: Step): string[] {
  switch (step.do) {
    case 'hand-over':
    case 'agent-takes':
      return step.arrives ? [step.arrives] : []
    case 'client-sends':
    case 'agent-sends':
      return [`📷 ${step.picture.name}`]
    case 'agent-closes':
      return step.comment ? [step.comment] : []
    default:
      return 'text' in step ? [step.text] : []
  }
}
