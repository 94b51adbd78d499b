import type { Attachment, Message } from './message.ts'

/** The text first, then each file by itself: for desks whose messages hold one or the other. */
export function toPieces(message: Message): Message[] {
  const text = message.text === '' ? [] : [{ text: message.text, attachments: [] }]
  return [...text, ...message.attachments.map(attachment => ({ text: '', attachments: [attachment] }))]
}

/** Whether there are bytes to fetch. */
export function isFile({ url }: Attachment): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '')
}

/** An attachment as words, for when it cannot be a file. A place (`geo:14.6,-90.5`) also as a link to a map. */
export function toLink({ contentType, name, url }: Attachment): string {
  const place = contentType.startsWith('geo') || url.startsWith('geo:')
  const [, lat, lon] = (place && /^(?:geo:)?\s*(-?[\d.]+),\s*(-?[\d.]+)/.exec(url)) || []
  if (!lat || !lon) return name ? `${name}: ${url}` : url
  return `${url}\nhttps://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=16/${lat}/${lon}`
}
