import type { Broadcast, Contact, FlowStart, Media, Message, Reference } from './model.ts'
import { showUrn } from './urns.ts'
import type { Workspace } from './workspace.ts'

/** The JSON of each thing as the API shows it (temba/api/v2/serializers.py). */

function showTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().replace('Z', '000Z')
}

const nameOf = ({ uuid, name }: { uuid: string; name: string | null }) => ({ uuid, name })
const channel: Reference = { uuid: '9a8b001e-a913-486c-80f4-1356e23f582e', name: 'Vonage' }

export function showMessage(workspace: Workspace, message: Message): Record<string, unknown> {
  const modern = workspace.profile.name === '26'
  const [media] = message.attachments
  return {
    ...(modern ? { uuid: message.uuid } : {}),
    id: message.id,
    broadcast: message.broadcast,
    contact: nameOf(message.contact),
    urn: workspace.settings.hideUrns ? null : message.urn,
    channel: message.urn === null ? null : channel,
    direction: message.direction,
    type: 'text',
    status: message.status,
    archived: message.archived,
    visibility: message.archived ? 'archived' : 'visible',
    text: message.text,
    labels: [],
    flow: message.flow && nameOf(message.flow),
    attachments: message.attachments,
    ...(modern ? { quick_replies: message.quickReplies } : {}),
    created_on: showTime(message.createdOn),
    sent_on: showTime(message.sentOn),
    modified_on: showTime(message.sentOn ?? message.createdOn),
    media: media ? `${media.content_type}:${media.url}` : null,
  }
}

export function showBroadcast(workspace: Workspace, broadcast: Broadcast): Record<string, unknown> {
  const old = workspace.profile.name === '7.4'
  return {
    id: broadcast.id,
    ...(workspace.profile.name === '26' ? { uuid: broadcast.uuid } : {}),
    urns: workspace.settings.hideUrns ? null : broadcast.urns,
    contacts: broadcast.contacts.map(nameOf),
    groups: broadcast.groups,
    text: old ? broadcast.text[broadcast.baseLanguage] : broadcast.text,
    ...(old ? {} : { attachments: showAttachments(broadcast) }),
    ...(old ? {} : { base_language: broadcast.baseLanguage, status: broadcast.status }),
    created_on: showTime(broadcast.createdOn),
  }
}

function showAttachments({ text, attachments }: Broadcast): Record<string, string[]> {
  const languages = new Set([...Object.keys(text), ...Object.keys(attachments)])
  const lines = (language: string) =>
    (attachments[language] ?? []).map(({ content_type, url }) => `${content_type}:${url}`)
  return Object.fromEntries([...languages].map(language => [language, lines(language)]))
}

export function showContact(workspace: Workspace, contact: Contact): Record<string, unknown> {
  const gone = contact.deleted
  const urns = gone ? [] : contact.urns.map(urn => showUrn(urn, workspace.settings.hideUrns))
  const fields = [...workspace.fieldKeys].map(key => [key, contact.fields[key] ?? null])
  return {
    uuid: contact.uuid,
    name: gone ? null : contact.name,
    status: gone ? null : contact.status,
    language: gone ? null : contact.language,
    urns,
    groups: gone ? [] : contact.groups,
    fields: gone ? {} : Object.fromEntries(fields),
    flow: contact.flow && nameOf(contact.flow),
    created_on: showTime(contact.createdOn),
    modified_on: showTime(contact.modifiedOn),
    last_seen_on: showTime(contact.lastSeenOn),
    blocked: gone ? null : contact.status === 'blocked',
    stopped: gone ? null : contact.status === 'stopped',
  }
}

export function showFlowStart(start: FlowStart): Record<string, unknown> {
  return {
    id: start.id,
    uuid: start.uuid,
    flow: nameOf(start.flow),
    status: start.status,
    groups: start.groups,
    contacts: start.contacts.map(nameOf),
    params: start.params,
    created_on: showTime(start.createdOn),
    modified_on: showTime(start.createdOn),
    extra: start.params,
    restart_participants: start.restartParticipants,
    exclude_active: start.excludeActive,
  }
}

export function showMedia(media: Media): Record<string, unknown> {
  const { uuid, contentType, url, filename, size } = media
  return { uuid, content_type: contentType, url, filename, size }
}
