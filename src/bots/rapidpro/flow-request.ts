import { z } from 'zod'
import { MediatorError } from '../../domain/errors.ts'
import { toLanguage } from '../../domain/language.ts'
import type { Client } from '../../domain/session.ts'
import type { Registering, Saying } from '../bot.ts'
import { readAttachments, readText } from './flow-message.ts'
import { readResults } from './flow-results.ts'

/*
 * What a flow posts with call_webhook: the body the editor pre-fills, that of flows migrated from the old editor, or an
 * author's own. Sources: nyaruka/temba-components `src/flow/nodes/split_by_webhook.ts`, nyaruka/goflow
 * `flows/definition/legacy/v13.go` and `flows/actions/testdata/TestResthookPayload_resthook_payload.snap`.
 */

const contact = z
  .looseObject({
    uuid: z
      .string()
      .trim()
      .min(1)
      .max(128)
      .refine(uuid => !/\p{Cc}/u.test(uuid), 'must not contain control characters')
      // Stores keep UTF-8, where all lone surrogates are the same character, and two clients would be one.
      .refine(uuid => uuid.isWellFormed(), 'must not contain lone surrogates')
      .refine(uuid => !uuid.startsWith('@'), 'is an expression that the flow did not evaluate')
      .describe('Identifies the client everywhere; replies are addressed to it.'),
    name: z.string().nullish().describe('Shown to the agent. Empty or null for a nameless contact.'),
    urn: z
      .string()
      .nullish()
      .describe('`scheme:path`. Null when the contact has none, masked where the workspace hides it.'),
    language: z
      .unknown()
      .optional()
      .describe(
        'What the contact speaks: `spa`, `es`, `es-GT`. For our own words; anything else is ignored.',
      ),
    mongoid: z.unknown().optional().describe('Accepted and not used.'),
  })
  .describe('The contact of the flow; only `uuid` is required.')

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const result = z.union([z.looseObject({ value: scalar.optional() }), scalar])
const results = z.record(z.string(), result).nullish()

const attachment = z.union([
  z.string().describe('`content-type:url`, as in `@input.attachments`'),
  z.looseObject({ content_type: z.string().nullish(), url: z.string().nullish() }),
])

const input = z
  .looseObject({
    uuid: z.string().nullish().describe('Id of the message: the same id twice is one message.'),
    text: z.string().nullish().describe('What the client typed, whole.'),
    attachments: z.array(attachment).nullish().describe('Files of the message.'),
  })
  .nullish()
  .describe('The message as it came in. Recommended: `results` are cut at 640 characters and have no files.')

const contactExample = {
  uuid: '5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f',
  name: 'Ryan Lewis',
  urn: 'facebook:1234567890',
}

/** Body of registerClient. Keys that are not named here are ignored. */
export const registerBody = z
  .looseObject({
    contact,
    department: z.string().trim().min(1).max(200).describe('Department of the desk, as it is called there.'),
    results: results.describe('Results of the flow so far.'),
    interactionId: z
      .string()
      .trim()
      .max(200)
      .nullish()
      .describe('Id of an interaction that exists already; only for desks that take one over.'),
  })
  .meta({
    description: 'The body of `call_webhook` with a `department` added.',
    examples: [
      {
        contact: contactExample,
        department: 'GTM_HIV_GENERAL',
        results: { favorite_color: { category: 'Red', value: 'red' } },
      },
    ],
  })

/** Body of sendMessageToAgent. Keys that are not named here are ignored. */
export const clientMessageBody = z
  .looseObject({
    contact,
    results: results.describe('`clientmessage` or `client_message` holds what the client wrote.'),
    input,
  })
  .meta({
    description: 'The body of `call_webhook`, best with `input` added. Text or at least one file is needed.',
    examples: [
      {
        contact: contactExample,
        results: { clientmessage: { category: 'All Responses', value: 'I need help' } },
        input: {
          uuid: '2d611e17-fb22-457f-b802-b8f7ec5cda5b',
          text: 'I need help',
          attachments: ['image/jpeg:https://files.example.org/photo.jpg'],
        },
      },
    ],
  })

export type RegisterBody = z.output<typeof registerBody>
export type ClientMessageBody = z.output<typeof clientMessageBody>

export function toRegistration(body: RegisterBody): Registering {
  const language = readLanguage(body.contact.language)
  return {
    client: toClient(body.contact),
    department: body.department,
    results: readResults(body.results),
    ...(body.interactionId && { conversation: body.interactionId }),
    ...(language && { language }),
  }
}

/** Throws INVALID when the client said nothing. `idempotencyKey` is the header; `input.uuid` goes before it. */
export function toClientMessage(body: ClientMessageBody, idempotencyKey?: string): Saying {
  const attachments = readAttachments(body.input?.attachments)
  const text = readText(readResults(body.results), body.input?.text ?? '', attachments)
  if (text.trim() === '' && attachments.length === 0) {
    const where = 'results.clientmessage.value, input.text or input.attachments'
    throw new MediatorError('INVALID', `the message is empty: one of ${where} must hold something`)
  }
  const id = body.input?.uuid?.trim() || idempotencyKey?.trim()
  return { client: toClient(body.contact), ...(id && { id }), message: { text, attachments } }
}

function toClient(contact: RegisterBody['contact']): Client {
  const name = contact.name?.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  const urn = readUrn(contact.urn ?? '')
  return { uuid: contact.uuid, ...(name && { name }), ...(urn && { urn }) }
}

/** Resthooks send it (`spa`), authors may (`@contact.language`, empty where the contact has none). */
function readLanguage(given: unknown): string | undefined {
  return typeof given === 'string' && toLanguage(given) !== undefined ? given.trim() : undefined
}

/**
 * `scheme:path` without query and display (`twitterid:54784326227#nyaruka`); undefined for the masked `tel:********` of a
 * workspace that hides addresses. Source: nyaruka/goflow `core/urn.go`, nyaruka/gocommon `urns/`.
 */
function readUrn(urn: string): string | undefined {
  const bare = urn.trim().replace(/[?#].*$/s, '')
  return /^[^:]+:.*[^*]/s.test(bare) ? bare : undefined
}
