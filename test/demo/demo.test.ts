import { afterEach, describe, expect, it } from 'vitest'
import { stages } from '../../simulators/stages.ts'
import { until } from '../support/until.ts'
import { type DemoRun, isRunning, runDemo } from './run-demo.ts'

describe('the demo', () => {
  let demo: DemoRun
  afterEach(() => demo.cleanUp())

  it('plays the whole hand-over once, checks it, and ends with 0', { timeout: 180_000 }, async () => {
    demo = runDemo(['--once', '--fast'])
    expect(await demo.ended, demo.errors()).toBe(0)
    const lines = demo.text().split('\n')
    expect(demo.text()).not.toContain('\u001b')
    expect(lines.filter(line => line.length > 80)).toEqual([])
    const course = [
      '2, please 🙏',
      'conversation opened at the desk',
      'Ana has joined the chat.',
      'Good morning María',
      '#2 accepted → delivered to the desk',
      '📷 her-card.png',
      '#3 accepted → delivered to the desk',
      'Rocket.Chat goes down',
      '#4 accepted',
      'try 1 failed: rocketchat cannot be reached',
      '#4 the bot is answered 202',
      '#5 accepted → the bot is answered 202',
      'Rocket.Chat is back',
      '#6 part 3 delivered to the phone',
      '📷 way-to-the-clinic.png',
      'See you on Saturday. Goodbye!',
      'bot starts its flow “After the chat” with reason = agent, agent = Ana',
      'Everything that was said has arrived, in order, each message once.',
    ]
    // What is sent again goes its own way, whatever happens meanwhile.
    const late = [
      '#4 accepted',
      '#4 try 3 failed',
      'Rocket.Chat is back',
      '#4 delivered to the desk',
      '#5 delivered to the desk',
      'See you on Saturday. Goodbye!',
    ]
    for (const chain of [course, late]) {
      expect(chain.filter(text => !demo.text().includes(text))).toEqual([])
      const places = chain.map(text => demo.text().indexOf(text))
      expect(places).toEqual(places.toSorted((a, b) => a - b))
    }
    expect(demo.leftovers()).toEqual([])
  })

  it('ends cleanly at Ctrl-C in the middle', async () => {
    demo = runDemo(['--once', '--fast'])
    await until('the desk is down', () => demo.text().includes('#4 accepted → try 1 failed'))
    const [mediator = 0] = demo.children()
    expect(isRunning(mediator)).toBe(true)
    demo.pressCtrlC()
    expect(await demo.ended).toBe(130)
    expect(isRunning(mediator)).toBe(false)
    expect(demo.leftovers()).toEqual([])
    expect(demo.errors()).toBe('')
  })

  it('ends cleanly at Ctrl-C while it still starts', async () => {
    demo = runDemo([])
    await until('the mediator is started', () => demo.children().length > 0)
    const [mediator = 0] = demo.children()
    demo.pressCtrlC()
    expect(await demo.ended).toBe(0)
    expect(isRunning(mediator)).toBe(false)
    expect(demo.leftovers()).toEqual([])
  })

  it('explains an option it does not know', async () => {
    demo = runDemo(['--slow'])
    expect(await demo.ended).toBe(1)
    expect(demo.errors()).toContain('--fast')
  })

  it.each(['nobody', 'toString', ''])('names all desks when it does not know “%s”', async name => {
    demo = runDemo(['--once', '--desk', name])
    expect(await demo.ended).toBe(1)
    expect(demo.errors()).toContain(
      `there is no desk "${name}"; there are ${Object.keys(stages).join(', ')}\n`,
    )
    expect(demo.text()).toBe('')
    expect(demo.leftovers()).toEqual([])
  })
})
