import type { Attachment } from './model.ts'

/** What a person sees arrive on their phone. `via` says which way it was sent; `at` is epoch ms. */
export type PhoneMessage = {
  id: number
  text: string
  attachments: Attachment[]
  via: 'message' | 'broadcast' | 'flow'
  at: number
}
export type PhonePredicate = (message: PhoneMessage) => boolean

type Waiter = { matches: PhonePredicate; settle: (message: PhoneMessage) => void }
type Phone = { screen: PhoneMessage[]; unread: PhoneMessage[]; waiters: Waiter[] }

/** Every contact's phone. */
export type Phones = {
  deliver(contact: string, message: PhoneMessage): void
  /** Everything seen by the contact, oldest first. */
  screen(contact: string): PhoneMessage[]
  /**
   * The oldest message not yet handed out by this function that satisfies the predicate, waiting for it if
   * need be. Rejects after `timeoutMs`, with what has arrived instead.
   */
  next(contact: string, matches?: PhonePredicate, timeoutMs?: number): Promise<PhoneMessage>
}

/** `limit` is how many messages a phone remembers. */
export function createPhones(limit: number): Phones {
  const phones = new Map<string, Phone>()
  const phoneOf = (contact: string): Phone => {
    const phone = phones.get(contact) ?? { screen: [], unread: [], waiters: [] }
    phones.set(contact, phone)
    return phone
  }
  return {
    deliver: (contact, message) => receive(phoneOf(contact), message, limit),
    screen: contact => [...(phones.get(contact)?.screen ?? [])],
    next: (contact, matches = () => true, timeoutMs = 5000) => {
      const phone = phoneOf(contact)
      const index = phone.unread.findIndex(matches)
      const [found] = index < 0 ? [] : phone.unread.splice(index, 1)
      return found ? Promise.resolve(found) : waitFor(phone, matches, timeoutMs)
    },
  }
}

function receive(phone: Phone, message: PhoneMessage, limit: number): void {
  append(phone.screen, message, limit)
  const index = phone.waiters.findIndex(waiter => waiter.matches(message))
  const [waiter] = index < 0 ? [] : phone.waiters.splice(index, 1)
  if (waiter) waiter.settle(message)
  else append(phone.unread, message, limit)
}

function waitFor(phone: Phone, matches: PhonePredicate, timeoutMs: number): Promise<PhoneMessage> {
  return new Promise((resolve, reject) => {
    const waiter = { matches, settle }
    const timer = setTimeout(giveUp, timeoutMs)
    phone.waiters.push(waiter)
    function settle(message: PhoneMessage) {
      clearTimeout(timer)
      resolve(message)
    }
    function giveUp() {
      phone.waiters.splice(phone.waiters.indexOf(waiter), 1)
      const seen = JSON.stringify(phone.screen.map(message => message.text))
      reject(new Error(`no such message in ${timeoutMs} ms; the phone shows ${seen}`))
    }
  })
}

/** Appends, and forgets the older half once the limit is passed. */
export function append<Item>(list: Item[], item: Item, limit: number): void {
  list.push(item)
  if (list.length > limit) list.splice(0, Math.ceil(limit / 2))
}
