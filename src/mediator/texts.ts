import { z } from 'zod'
import { toLanguage } from '../domain/language.ts'

const text = z.string()

/** The key of each thing the mediator says in its own name. */
const keys = {
  queued: text,
  joined: text,
  transferred: text,
  ended: text,
  client_delayed: text,
  client_failed: text,
  agent_delayed: text,
  agent_failed: text,
}

/** Empty: nothing is said. `{agent}` stands for the agent's name. */
export type Words = Record<keyof typeof keys, string>

/** The course of the chat is silent by default; failures are told, since somebody is owed to know. */
const DEFAULTS: Words = {
  queued: '',
  joined: '',
  transferred: '',
  ended: '',
  client_delayed: 'Your message has not reached our agent yet. We keep trying.',
  client_failed: 'Your message could not be delivered to our agent.',
  agent_delayed: '[system] Your message has not reached the client yet. We keep trying.',
  agent_failed: '[system] Your message could not be delivered to the client.',
}

/** `[texts]`, and in it a table for each language that has words of its own: `[texts.es]`, or `[texts.spa]`. */
const table = z.record(z.string(), z.unknown())

const own = z.strictObject(keys).partial()

/** What the mediator says in its own name: its `languages`, and the same keys for everybody else. */
export type Texts = Words & { languages: Partial<Record<string, Words>> }

export const textsSchema = table.prefault({}).transform((given, ctx): Texts => {
  const isTable = ([key, value]: [string, unknown]): boolean => !(key in keys) && typeof value === 'object'
  const entries = Object.entries(given)
  const flat = Object.fromEntries(entries.filter(entry => !isTable(entry)))
  const words = { ...DEFAULTS, ...readWords(flat, [], ctx) }
  const languages: Texts['languages'] = {}
  for (const [name, value] of entries.filter(isTable)) {
    const language = readName(name, ctx)
    if (language === undefined) continue
    if (language in languages)
      refuse(ctx, [name], `is "${language}", which has a table already; make them one`)
    languages[language] = { ...words, ...readWords(value, [name], ctx) }
  }
  return { ...words, languages }
})

type Context = z.core.$RefinementCtx

function readWords(given: unknown, path: string[], ctx: Context): Partial<Words> {
  const read = own.safeParse(given)
  for (const issue of read.error?.issues ?? [])
    ctx.issues.push({ ...issue, input: given, path: [...path, ...issue.path] } as z.core.$ZodRawIssue)
  return (read.data ?? {}) as Partial<Words>
}

/** A region would be of no effect, so it is not taken for one. */
function readName(name: string, ctx: Context): string | undefined {
  const language = /^[a-z]{2,3}$/i.test(name) ? toLanguage(name) : undefined
  if (language === undefined)
    refuse(ctx, [name], 'is no language; write its code of two or three letters, such as [texts.es]')
  return language
}

function refuse(ctx: Context, path: string[], message: string): void {
  ctx.issues.push({ code: 'custom', input: undefined, path, message })
}

/** The words for somebody who speaks `language` (`es`, `spa`, `es-GT`), as far as they are known. */
export function wordsFor(texts: Texts, language: string | undefined): Words {
  return tableOf(texts, language) ?? texts
}

/** Of the languages told of somebody, the likeliest first: the first with a table, else the first there is. */
export function pickLanguage(texts: Texts, ...told: (string | undefined)[]): string | undefined {
  return told.find(language => tableOf(texts, language)) ?? told.find(language => language !== undefined)
}

function tableOf(texts: Texts, language: string | undefined): Words | undefined {
  const known = language === undefined ? undefined : toLanguage(language)
  return known === undefined ? undefined : texts.languages[known]
}

export function say(text: string, agent: string | undefined): string {
  return text.replaceAll('{agent}', agent ?? '').trim()
}
