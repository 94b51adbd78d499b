import { FieldError, type Reader } from './fields.ts'
import type { Attachment, Contact, Reference } from './model.ts'
import { parseUrn } from './urns.ts'
import { findContact, type Workspace } from './workspace.ts'

const uuidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i

/** Readers of fields that name something in the workspace (temba/api/v2/fields.py). */

function readKey(value: unknown): string {
  if (value === null) throw new FieldError('This field may not be null.')
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new FieldError('Must be a string or integer')
  }
  return String(value)
}

function exists<Value>(key: string, found: Value | undefined): Value {
  if (found === undefined) throw new FieldError(`No such object: ${key}`)
  return found
}

export function contactReader(workspace: Workspace): Reader<Contact> {
  return value => {
    const key = readKey(value)
    return exists(key, findContact(workspace, key))
  }
}

export function flowReader(workspace: Workspace): Reader<Reference> {
  return value => {
    const key = readKey(value)
    return exists(key, workspace.flows.get(key))
  }
}

export function groupReader(workspace: Workspace): Reader<Reference> {
  return value => {
    const key = readKey(value)
    const named = (group: Reference) => group.name.toLowerCase() === key.toLowerCase()
    return exists(key, workspace.groups.get(key) ?? [...workspace.groups.values()].find(named))
  }
}

/** A media object of this workspace, by UUID or by `type:url` with its UUID somewhere in the URL. */
export function mediaReader(workspace: Workspace): Reader<Attachment> {
  return value => {
    const key = readKey(value)
    const media = exists(key, workspace.media.get(findMediaUuid(key)))
    return { content_type: media.contentType, url: media.url }
  }
}

function findMediaUuid(key: string): string {
  const [uuid = ''] = uuidPattern.exec(key) ?? []
  return uuid === key || key.includes(':') ? uuid.toLowerCase() : ''
}

export const readUrn: Reader<string> = value => {
  const urn = String(value).trim()
  if (!parseUrn(urn)) {
    throw new FieldError(`Invalid URN: ${urn}. Ensure phone numbers contain country codes.`)
  }
  return urn
}
