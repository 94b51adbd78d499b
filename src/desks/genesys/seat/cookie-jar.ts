import type { Clock } from '../../../lib/clock.ts'

/** The cookies of one login. Of one site only, so domains and paths do not matter. */
export type CookieJar = {
  /** The `Cookie` header; undefined while there are none. */
  header(): string | undefined
  /** Keeps what an answer sets, and forgets what it takes back. */
  take(setCookie: string | string[] | undefined): void
  clear(): void
}

export function createCookieJar(clock: Clock): CookieJar {
  const cookies = new Map<string, string>()
  return {
    header: () => (cookies.size === 0 ? undefined : [...cookies].map(pair => pair.join('=')).join('; ')),
    take(setCookie) {
      for (const line of [setCookie ?? []].flat()) keep(cookies, line, clock.now())
    },
    clear: () => cookies.clear(),
  }
}

function keep(cookies: Map<string, string>, line: string, now: number): void {
  const [pair = '', ...attributes] = line.split(';')
  const at = pair.indexOf('=')
  const name = pair.slice(0, at).trim()
  if (at < 1 || name === '') return
  if (attributes.some(attribute => isOver(attribute, now))) cookies.delete(name)
  else cookies.set(name, pair.slice(at + 1).trim())
}

function isOver(attribute: string, now: number): boolean {
  const [name = '', value = ''] = attribute.split('=').map(part => part.trim())
  if (/^max-age$/i.test(name)) return Number(value) <= 0
  return /^expires$/i.test(name) && Date.parse(value) <= now
}
