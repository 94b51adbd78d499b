/** Schemes of RapidPro 9 and, from 26, `bsuid` (temba/contacts/models.py; nyaruka/gocommon urns/schemes.go). */
const schemes = new Set(
  (
    'bsuid discord ext facebook fcm freshchat instagram jiochat line mailto rocketchat slack tel telegram ' +
    'twitter twitterid viber vk webchat wechat whatsapp'
  ).split(' '),
)

export type Urn = { scheme: string; path: string; display: string | null }

/** Splits `scheme:path?query#display` at the first colon; undefined when it is not a URN. */
export function parseUrn(urn: string): Urn | undefined {
  const match = /^([a-z]+):([^?#]+)(?:\?[^#]*)?(?:#(.*))?$/.exec(urn)
  const [, scheme, path, display] = match ?? []
  if (!scheme || !path || !schemes.has(scheme)) return undefined
  return isPath(scheme, path) ? { scheme, path, display: display ?? null } : undefined
}

function isPath(scheme: string, path: string): boolean {
  if (scheme === 'tel') return /^\+?[0-9]{1,64}$/.test(path)
  if (scheme === 'whatsapp') return /^([0-9]+|[A-Z]{2}\.[A-Za-z0-9]+)$/.test(path)
  if (scheme === 'facebook') return /^([0-9]+|ref:.+)$/.test(path)
  return true
}

/** What makes two URNs the same one: scheme and path. */
export function sameUrn(urn: string): string {
  return urn.split(/[?#]/, 1)[0] ?? urn
}

/** As a flow shows it: without query parts, or masked where the workspace hides URNs (goflow core/urn.go). */
export function showUrn(urn: string, hidden: boolean): string {
  if (hidden) return `${urn.slice(0, urn.indexOf(':'))}:********`
  return urn.replace(/\?[^#]*/, '')
}
