import { refusePlainly, refuseWithCode } from './envelope.ts'
import { newObjectId } from './ids.ts'
import { checkFields, maybeText, text } from './match.ts'
import { forgetToken, saveVisitor } from './state.ts'
import type { Visitor } from './types.ts'
import { isoNow, type Workspace } from './workspace.ts'

export type CustomField = { key: string; value: string; overwrite: boolean }
type Registration = {
  token: string
  id?: string | null
  name?: string | null
  email?: string | null
  department?: string | null
  phone?: string | null
  username?: string | null
  customFields?: CustomField[] | null
}

const customField = { key: text, value: text, overwrite: { kind: 'boolean' } } as const

/** Checks the body of `livechat/visitor` the way `check()` does. Extra keys inside `visitor` are tolerated. */
export function readRegistration(body: unknown): Registration {
  checkFields(body, { visitor: { kind: 'object' } }, '', true)
  const optional = {
    id: maybeText,
    name: maybeText,
    email: maybeText,
    department: maybeText,
    phone: maybeText,
  }
  const lists = { customFields: { kind: 'array', optional: true } } as const
  checkFields(body.visitor, { token: text, ...optional, username: maybeText, ...lists }, 'visitor', true)
  const registration = body.visitor as Registration
  registration.customFields?.forEach((field, at) => {
    checkFields(field, customField, `visitor.customFields[${at}]`)
  })
  return registration
}

/**
 * Creates or updates a visitor: found by token, then by phone (which keeps its own token), then by e-mail (whose
 * token becomes the caller's), else new. Throws a refusal for a bad token, department or address.
 */
export function registerVisitor(workspace: Workspace, registration: Registration): Visitor {
  if (workspace.traits.refusesBlankToken && !registration.token.trim())
    throw refuseWithCode('error-invalid-token', 'Token cannot be empty')
  const department = registration.department
    ? resolveDepartment(workspace, registration.department)
    : undefined
  const email = registration.email ? checkEmail(registration.email) : undefined
  const visitor = matchVisitor(workspace, registration, email) ?? createVisitor(workspace, registration)
  visitor.name = registration.name ?? visitor.name
  visitor.phone = registration.phone ? [{ phoneNumber: registration.phone }] : visitor.phone
  visitor.visitorEmails = email ? [{ address: email }] : visitor.visitorEmails
  visitor.department = department ?? visitor.department
  return keepVisitor(workspace, visitor, registration)
}

function keepVisitor(workspace: Workspace, visitor: Visitor, registration: Registration): Visitor {
  visitor.status = 'online'
  visitor._updatedAt = isoNow(workspace)
  saveVisitor(workspace.state, visitor)
  for (const field of registration.customFields ?? []) setVisitorField(workspace, visitor, field)
  const room = workspace.state.index.openRoomByToken.get(visitor.token)
  if (room && registration.name) room.fname = registration.name
  return visitor
}

function matchVisitor(
  workspace: Workspace,
  { token, phone }: Registration,
  email?: string,
): Visitor | undefined {
  const { visitorByToken, visitorByPhone, visitorByEmail } = workspace.state.index
  const known = visitorByToken.get(token)
  if (known) return known
  const caller = phone && workspace.traits.matchesPhones ? visitorByPhone.get(phone) : undefined
  if (caller) return caller
  const writer = email ? visitorByEmail.get(email) : undefined
  if (writer) {
    forgetToken(workspace.state, writer)
    writer.token = token
  }
  return writer
}

function createVisitor(workspace: Workspace, { id, token, username }: Registration): Visitor {
  const { traits, state } = workspace
  const now = isoNow(workspace)
  return {
    _id: id ?? newObjectId(),
    username: username ?? `guest-${state.visitors.size + 1}`,
    token,
    status: 'online',
    ts: now,
    _updatedAt: now,
    livechatData: {},
    ...(traits.contacts === 'visitor' && { contactId: newObjectId() }),
    ...(traits.externalIds && { externalIds: [] }),
  }
}

function resolveDepartment({ state, traits }: Workspace, nameOrId: string): string {
  const department = [...state.departments.values()].find(({ _id, name }) => [_id, name].includes(nameOrId))
  if (department) return department._id
  if (traits.modern) throw refusePlainly('error-invalid-department')
  throw refuseWithCode('error-invalid-department', 'The provided department is invalid')
}

function checkEmail(address: string): string {
  const clean = address.trim().toLowerCase()
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(clean))
    throw refuseWithCode('error-invalid-email', `Invalid email ${address}`)
  return clean
}

/** Sets a visitor-scope field. Unknown keys are ignored; false when a value is there and must not be replaced. */
export function setVisitorField(
  { state }: Workspace,
  visitor: Visitor,
  { key, value, overwrite }: CustomField,
) {
  if (state.customFields.get(key) !== 'visitor') return true
  if (!overwrite && visitor.livechatData[key]) return false
  visitor.livechatData[key] = value
  return true
}

/** The visitor of a token. Throws `invalid-token`. */
export function findVisitor({ state }: Workspace, token: unknown): Visitor {
  const visitor = typeof token === 'string' ? state.index.visitorByToken.get(token) : undefined
  if (!visitor) throw refusePlainly('invalid-token')
  return visitor
}
