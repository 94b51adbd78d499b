/**
 * What a client's URN says of the person. A bot that hides addresses gives `tel:********`, which is as good as none.
 */

/** The URN as somebody may see it; undefined when it is hidden. */
export function readableUrn(urn: string | undefined): string | undefined {
  return urn?.includes('*') ? undefined : urn
}

/** The number of a phone or WhatsApp client, with `+` where it is international. */
export function phoneOf(urn: string | undefined): string | undefined {
  const [, scheme, path] = /^(tel|whatsapp):([^?#]+)/.exec(readableUrn(urn) ?? '') ?? []
  return scheme === 'whatsapp' ? `+${path}` : path
}

export function emailOf(urn: string | undefined): string | undefined {
  return /^mailto:([^?#]+)/.exec(readableUrn(urn) ?? '')?.[1]
}
