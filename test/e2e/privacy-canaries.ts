/** Whatever may not be seen anywhere has this in it, or this number. */
const MARK = 'Cnry7'
const NUMBER = '50255577012'

/** The first thing in a text that nobody may see. */
export const CANARY = new RegExp(`${MARK}\\w*|${NUMBER}\\d*`, 'i')

/** All that is in a text of what may not be, each once. */
export function canariesIn(text: string): string[] {
  return [...new Set(text.match(new RegExp(CANARY, 'gi')))].sort()
}

export const API_TOKEN = `${MARK}apitoken0123456789`

/** One client's name, number, results, words, files, and the keys in the files' addresses. */
export type Canaries = {
  name: string
  urn: string
  result: string
  text: string
  reply: string
  file: string
  agentFile: string
  key: string
}

let clients = 0

/** `tag`: letters that tell what somebody was there for. */
export function makeCanaries(tag: string): Canaries {
  const make = (what: string) => `${MARK}${what}${tag}`
  return {
    name: `${make('name')} Example`,
    urn: `tel:+${NUMBER}${String(10 + clients++)}`,
    result: make('result'),
    text: make('text'),
    reply: make('reply'),
    file: `${make('file')}.png`,
    agentFile: `${make('agentfile')}.png`,
    key: make('key'),
  }
}

/** Of messages: needed until they are delivered, and no longer. */
export function ofMessages({ text, reply, file, agentFile, key }: Canaries): string[] {
  return [text, reply, file, agentFile, key].flatMap(canariesIn)
}

/** Of the client and what the desk was told at the opening: needed until the conversation is over. */
export function ofClient({ name, urn, result }: Canaries): string[] {
  return [name, urn, result].flatMap(canariesIn)
}
