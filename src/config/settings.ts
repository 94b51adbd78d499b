import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { z } from 'zod'
import { botDefinitions } from '../bots/registry.ts'
import { toCountryCode } from '../calendar/country-code.ts'
import { deskDefinitions } from '../desks/registry.ts'
import { toLanguage } from '../domain/language.ts'
import { mediaSchema } from '../lib/allow-list.ts'
import { readDuration } from '../lib/duration.ts'
import { findLine } from '../lib/toml-lines.ts'
import { plainly } from '../lib/zod-words.ts'
import { textsSchema } from '../mediator/texts.ts'
import { fillIn } from './secrets-in-text.ts'

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/i, 'names are made of letters, digits, - and _')

const route = z.strictObject({
  department: z.string().min(1),
  desk: z.string(),
  fallback: z.array(z.string()).default([]),
  country: z
    .string()
    .refine(code => toCountryCode(code) !== undefined, 'is no ISO 3166 country code, such as "gt" or "GTM"')
    .optional(),
  project: z.string().optional(),
  language: z
    .string()
    .refine(code => toLanguage(code) !== undefined, 'is no ISO 639 language code, such as "es" or "spa"')
    .optional(),
})

const duration = z.string('write a number and a unit in quotes, such as "3m"').transform((text, ctx) => {
  const ms = readDuration(text)
  if (ms !== undefined) return ms
  ctx.addIssue({ code: 'custom', message: `"${text}" is no duration; write a number and a unit, such as 3m` })
  return z.NEVER
})

/** Settings that stand in no table; TOML takes one below a table's head for a part of that table. */
const WITHOUT_TABLE = ['missing_calendar', 'look_up_after']

/** live-agents.toml but for the settings of each desk and bot, which their own folders read. */
const file = z.strictObject({
  missing_calendar: z.enum(['open', 'closed']).optional(),
  look_up_after: duration.default(180_000),
  texts: textsSchema,
  media: mediaSchema,
  bots: z.record(name, z.looseObject({ type: z.enum(typesOf(botDefinitions)) })),
  desks: z.record(name, z.looseObject({ type: z.enum(typesOf(deskDefinitions)) })),
  routes: z.array(route).default([]),
})

export type Settings = z.output<typeof file>

const tables = z.record(z.string(), z.looseObject({ type: z.string() })).catch({})

/** What can be read of a file with mistakes, so that those further down are said at once as well. */
const readable = z
  .object({ bots: tables, desks: tables, routes: z.array(route).catch([]) })
  .catch({ bots: {}, desks: {}, routes: [] })

type Readable = z.output<typeof readable>

/** A desk's or bot's own table, read by its folder's schema. */
export type Configured<Definition> = { name: string; definition: Definition; settings: unknown }

export type Configuration = {
  settings: Settings
  bots: Configured<(typeof botDefinitions)[number]>[]
  desks: Configured<(typeof deskDefinitions)[number]>[]
}

const FILE = 'live-agents.toml'

/** Reads `live-agents.toml`. All that is wrong is put into `problems`, each with file, line or key, and the way out. */
export function readSettings(
  directory: string,
  env: Record<string, string | undefined>,
  problems: string[],
): Configuration | undefined {
  const path = join(directory, FILE)
  const source = readSource(path, problems)
  const table = source === undefined ? undefined : parseToml(path, source, problems)
  if (source === undefined || table === undefined) return undefined
  const missing = new Set<string>()
  const filled = fillIn(table, env, missing)
  for (const variable of missing)
    problems.push(
      `${path}${lineOfText(source, `\${${variable}}`)}: \${${variable}} is not set; set the variable ${variable} in the environment`,
    )
  const say: Say = (keys, text) => {
    if (!isUnfilled(filled, keys)) problems.push(`${path}${lineOfKey(source, keys)}: ${text}`)
  }
  return checkSettings(filled, say)
}

/** What is wrong with such a value has been said: its variable is missing. */
function isUnfilled(table: unknown, keys: PropertyKey[]): boolean {
  const value = keys.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    table,
  )
  return typeof value === 'string' && value.includes('${')
}

function readSource(path: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    problems.push(
      `${path}: cannot be read (${why}); set CONFIG_DIR to the folder that has it, or write it after the sample in config/`,
    )
    return undefined
  }
}

function parseToml(path: string, source: string, problems: string[]): unknown {
  try {
    return parse(source)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const text = error.message.split('\n')[0]
    problems.push(`${path}:${error.line}:${error.column}: ${text}`)
    return undefined
  }
}

type Say = (keys: PropertyKey[], text: string) => void

function checkSettings(table: unknown, say: Say): Configuration | undefined {
  const read = file.safeParse(table, { reportInput: true })
  for (const issue of read.error?.issues ?? []) sayIssue(issue, [], say)
  const sections: Readable = read.data ?? readable.parse(table)
  const bots = configure('bots', sections.bots, botDefinitions, say)
  const desks = configure('desks', sections.desks, deskDefinitions, say)
  checkSecrets(desks, say)
  checkRoutes(sections, say)
  if (!read.success) return undefined
  checkCounts(read.data, say)
  return { settings: read.data, bots, desks }
}

/** A webhook is told from another desk's by its secret, so no two may have the same. */
function checkSecrets(desks: Configured<unknown>[], say: Say): void {
  const seen = new Map<unknown, string>()
  for (const { name, settings } of desks) {
    const { webhook_token: secret } = settings as { webhook_token?: string }
    const other = secret === undefined ? undefined : seen.get(secret)
    if (other)
      say(
        ['desks', name, 'webhook_token'],
        `desks.${name}.webhook_token: is that of desks.${other}; give each desk its own`,
      )
    seen.set(secret, name)
  }
}

function checkCounts({ bots, desks }: Settings, say: Say): void {
  if (Object.keys(bots).length !== 1) say(['bots'], 'configure exactly one bot, such as [bots.rapidpro]')
  if (Object.keys(desks).length === 0) say(['desks'], 'configure a desk, such as [desks.rocketchat]')
}

function configure<Definition extends { type: string; settings: z.ZodType }>(
  section: string,
  tables: Record<string, { type: string }>,
  definitions: readonly Definition[],
  say: Say,
): Configured<Definition>[] {
  return Object.entries(tables).flatMap(([name, { type, ...rest }]) => {
    const definition = definitions.find(one => one.type === type)
    if (!definition) return []
    const read = definition.settings.safeParse(rest)
    if (read.success) return [{ name, definition, settings: read.data }]
    for (const issue of read.error.issues) sayIssue(issue, [section, name], say)
    return []
  })
}

function sayIssue(issue: z.core.$ZodIssue, above: PropertyKey[], say: Say): void {
  const keys = [...above, ...issue.path]
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : []
  for (const key of unknown) say([...keys, key], `${[...keys, key].join('.')}: ${explainUnknown(key, keys)}`)
  if (unknown.length === 0) say(keys, `${keys.join('.')}: ${explain(issue, keys)}`)
}

function explainUnknown(key: string, above: PropertyKey[]): string {
  const advice =
    above.length > 0 && WITHOUT_TABLE.includes(key) ? `; ${key} stands above the first table` : ''
  return `there is no such setting${advice}`
}

/** A value is shown where nobody writes a secret. */
function explain(issue: z.core.$ZodIssue, [table]: PropertyKey[]): string {
  if (table !== 'media') return plainly(issue.message)
  if (issue.code === 'invalid_type' && issue.expected === 'array')
    return 'write a list, such as ["10.0.0.0/8"]'
  return typeof issue.input === 'string' ? `"${issue.input}" ${issue.message}` : issue.message
}

/** Without routes the only desk takes everything; with several desks somebody must say which. */
function checkRoutes(settings: Readable, say: Say): void {
  const desks = Object.keys(settings.desks)
  if (settings.routes.length === 0 && desks.length > 1)
    say(
      ['desks'],
      `there are ${desks.length} desks (${desks.join(', ')}) but no [[routes]] that say which departments each one serves`,
    )
  for (const [i, { desk, fallback }] of settings.routes.entries())
    for (const wanted of [desk, ...fallback])
      if (!desks.includes(wanted))
        say(['routes', i, 'desk'], `routes.${i}: there is no desk "${wanted}"; there are ${desks.join(', ')}`)
}

function lineOfKey(source: string, keys: PropertyKey[]): string {
  const line = findLine(source, keys)
  return line === undefined ? '' : `:${line}`
}

function lineOfText(source: string, text: string): string {
  const at = source.indexOf(text)
  return at < 0 ? '' : `:${source.slice(0, at).split('\n').length}`
}

function typesOf<const T extends readonly { type: string }[]>(definitions: T): [string, ...string[]] {
  return definitions.map(({ type }) => type) as [string, ...string[]]
}
