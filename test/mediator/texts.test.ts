import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../src/domain/agent-event.ts'
import { toLanguage } from '../../src/domain/language.ts'
import { letterFor } from '../../src/mediator/agent-letter.ts'
import { pickLanguage, textsSchema, wordsFor } from '../../src/mediator/texts.ts'

const DEFAULTS = textsSchema.parse(undefined)

describe('a language', () => {
  it.each([
    ['es', 'es'],
    ['spa', 'es'],
    ['ES-gt', 'es'],
    ['es_GT', 'es'],
    [' fre ', 'fr'],
    ['fra', 'fr'],
    ['quc', 'quc'],
    ['und', undefined],
    ['xx', undefined],
    ['', undefined],
    ['@contact.language', undefined],
    ['español', undefined],
  ])('written "%s" is %s', (written, language) => {
    expect(toLanguage(written)).toBe(language)
  })
})

describe('the language of somebody of whom several are told', () => {
  const texts = textsSchema.parse({ es: {}, fr: { joined: 'là' } })

  it.each([
    [['spa', 'fra'], 'spa'],
    [['ara', 'fra'], 'fra'],
    [[undefined, 'fra'], 'fra'],
    [['ara', 'eng'], 'ara'],
    [['nonsense', 'eng'], 'nonsense'],
    [[undefined, 'eng'], 'eng'],
    [['es-GT', undefined], 'es-GT'],
    [[undefined, undefined], undefined],
  ])('%j is %s', (told, picked) => {
    expect(pickLanguage(texts, ...told)).toBe(picked)
  })
})

describe('texts', () => {
  const texts = textsSchema.parse({ joined: '{agent} is here', ended: 'bye', spa: { joined: 'con {agent}' } })

  it.each(['es', 'spa', 'es-GT', 'ES'])('of a table are for who speaks "%s"', language => {
    expect(wordsFor(texts, language).joined).toBe('con {agent}')
  })

  it('are those of [texts] where a table has none, and for everybody else', () => {
    expect(wordsFor(texts, 'es')).toMatchObject({ ended: 'bye', agent_failed: DEFAULTS.agent_failed })
    for (const language of ['en', 'eng', 'nonsense', undefined])
      expect(wordsFor(texts, language).joined).toBe('{agent} is here')
  })

  it('of either code are one table', () => {
    expect(wordsFor(textsSchema.parse({ es: { ended: 'adiós' } }), 'spa').ended).toBe('adiós')
  })

  it.each([
    [{ quued: '' }, [['quued']]],
    [{ es: { quued: '' } }, [['es', 'quued']]],
    [{ es: { joined: 1 } }, [['es', 'joined']]],
    [{ joined: {} }, [['joined']]],
    [{ joined: 1 }, [['joined']]],
    [{ xx: {} }, [['xx']]],
    [{ 'es-GT': {} }, [['es-GT']]],
    [{ es: {}, spa: {} }, [['spa']]],
    [{ es: 'hola' }, [['es']]],
  ])('%j are refused by their key', (given, keys) => {
    const { error } = textsSchema.safeParse(given)
    const found = error?.issues.map(issue => [...issue.path, ...('keys' in issue ? issue.keys : [])])
    expect(found).toEqual(keys)
  })

  it('name the agent in the course of the chat', () => {
    const to = { by: 'session', session: 's' } as const
    const event: AgentEvent = { type: 'assigned', conversation: 'c', id: 'e', agent: 'Ana' }
    const letter = letterFor(wordsFor(texts, 'spa'), to, event, 5)
    expect(letter?.entries).toMatchObject([{ kind: 'notice', text: 'con Ana' }])
  })
})
