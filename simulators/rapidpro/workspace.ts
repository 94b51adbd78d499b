import { randomUUID } from 'node:crypto'
import { createHosting, type Hosting } from './hosting.ts'
import type {
  Broadcast,
  Contact,
  ContactAction,
  FlowStart,
  LoggedRequest,
  Media,
  Message,
  Reference,
} from './model.ts'
import { createPhones, type Phones } from './phone.ts'
import type { Profile } from './profile.ts'
import { parseUrn, sameUrn } from './urns.ts'

/** What can be changed while it runs. */
export type Settings = {
  /** In code points. */
  textLimit: number
  /** Counts calls per scope over a sliding hour and refuses those over the limit (default off). */
  rateLimits: boolean
  /** Calls per hour, in place of the profile's. */
  hourlyLimits: Partial<Record<string, number>>
  /** The workspace hides URNs: they are null in the API and masked in flows. */
  hideUrns: boolean
  /** Every write is refused. */
  suspended: boolean
  /** Broadcasts wait until `releaseBroadcasts` is called. */
  holdBroadcasts: boolean
}

export type Workspace = {
  profile: Profile
  token: string
  settings: Settings
  fast: boolean
  now: () => number
  /** Site root, known once the server listens. */
  url: string
  contacts: Map<string, Contact>
  urnOwners: Map<string, Contact>
  groups: Map<string, Reference>
  flows: Map<string, Reference>
  globals: Record<string, string>
  fieldKeys: Set<string>
  messages: Message[]
  messagesByContact: Map<string, Message[]>
  broadcasts: Broadcast[]
  flowStarts: FlowStart[]
  contactActions: ContactAction[]
  media: Map<string, Media>
  hosting: Hosting
  phones: Phones
  requests: LoggedRequest[]
  /** How often each thing has happened, also in fast mode: `requests`, `messages`, `broadcasts`… */
  counts: Record<string, number>
  nextId: () => number
}

export type NewContact = {
  uuid?: string
  name?: string | null
  /** Preferred URN; null for a contact without any. Default: a telephone number. */
  urn?: string | null
  language?: string | null
  fields?: Record<string, string | null>
}
export type WorkspaceOptions = {
  profile: Profile
  token: string
  textLimit: number
  fast: boolean
  now: () => number
}

/** How many messages are kept: all that a test makes, few enough for a benchmark's memory. */
const memory = { full: 1_000_000, fast: 10_000 }

export function createWorkspace(options: WorkspaceOptions): Workspace {
  let lastId = 0
  const { textLimit, ...rest } = options
  return {
    ...rest,
    url: '',
    settings: {
      textLimit,
      rateLimits: false,
      hourlyLimits: {},
      hideUrns: false,
      suspended: false,
      holdBroadcasts: false,
    },
    contacts: new Map(),
    urnOwners: new Map(),
    groups: new Map(),
    flows: new Map(),
    globals: { org_name: 'Nyaruka', api_secret: 'global-secret' },
    fieldKeys: new Set(['age', 'gender']),
    messages: [],
    messagesByContact: new Map(),
    broadcasts: [],
    flowStarts: [],
    contactActions: [],
    media: new Map(),
    hosting: createHosting(options.now),
    phones: createPhones(memoryOf(options.fast)),
    requests: [],
    counts: {},
    nextId: () => ++lastId,
  }
}

export function memoryOf(fast: boolean): number {
  return fast ? memory.fast : memory.full
}

export function count(workspace: Workspace, what: string): void {
  workspace.counts[what] = (workspace.counts[what] ?? 0) + 1
}

export function addContact(workspace: Workspace, given: NewContact = {}): Contact {
  const id = workspace.nextId()
  const urn = given.urn === undefined ? `tel:+1202${String(5_550_000 + id)}` : given.urn
  const at = workspace.now()
  const contact: Contact = {
    id,
    uuid: given.uuid ?? randomUUID(),
    name: given.name === undefined ? 'Ryan Lewis' : given.name,
    status: 'active',
    language: given.language ?? null,
    urns: [],
    groups: [],
    fields: { ...given.fields },
    flow: null,
    pastFlows: new Set(),
    createdOn: at,
    modifiedOn: at,
    revision: id,
    lastSeenOn: null,
    deleted: false,
  }
  for (const key of Object.keys(contact.fields)) workspace.fieldKeys.add(key)
  workspace.contacts.set(contact.uuid, contact)
  if (urn !== null) setUrns(workspace, contact, [urn])
  return contact
}

/** Makes these the contact's URNs. They must not belong to somebody else. */
export function setUrns(workspace: Workspace, contact: Contact, urns: string[]): void {
  for (const urn of contact.urns) workspace.urnOwners.delete(sameUrn(urn))
  contact.urns = urns
  for (const urn of urns) workspace.urnOwners.set(sameUrn(urn), contact)
}

/** A contact by UUID or URN, or undefined; deleted ones are not found. */
export function findContact(workspace: Workspace, key: string): Contact | undefined {
  const byUrn = parseUrn(key) ? workspace.urnOwners.get(sameUrn(key)) : undefined
  const contact = workspace.contacts.get(key) ?? byUrn
  return contact?.deleted ? undefined : contact
}

export function findOrAddByUrn(workspace: Workspace, urn: string): Contact {
  return findContact(workspace, urn) ?? addContact(workspace, { name: null, urn })
}

/** Notes that a contact changed. */
export function touch(workspace: Workspace, contact: Contact): void {
  contact.modifiedOn = workspace.now()
  contact.revision = workspace.nextId()
}

export function addReference(
  to: Map<string, Reference>,
  given: Partial<Reference>,
  fallback: string,
): Reference {
  const reference = { uuid: given.uuid ?? randomUUID(), name: given.name ?? fallback }
  to.set(reference.uuid, reference)
  return reference
}
