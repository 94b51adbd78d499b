import type { LinkLease } from '../store/link-store.ts'

/** A link's name in the store, logs, metrics and health: `chat/connector`. */
export function linkName(desk: string, link: string): string {
  return `${desk}/${link}`
}

/** Where the holder of a lease hears calls. Of that lease: who has lost it is never called again. */
export function callChannel({ link, fence }: Pick<LinkLease, 'link' | 'fence'>): string {
  return `link:${link}:${fence}`
}

/** Where a replica hears what became of its calls. */
export function replyChannel(replica: string): string {
  return `replica:${replica}`
}
