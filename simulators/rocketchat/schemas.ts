/**
 * What each visitor route takes, after `packages/rest-typings/src/v1/omnichannel.ts`. Nothing but the keys
 * named is let in.
 */
type Schema = { type: string } & Record<string, unknown>

const string: Schema = { type: 'string' }
const maybeString: Schema = { type: 'string', nullable: true }
const maybeNumber: Schema = { type: 'number', nullable: true }
const boolean: Schema = { type: 'boolean' }

function object(required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema {
  const properties = { ...required, ...optional }
  return { type: 'object', properties, required: Object.keys(required), additionalProperties: false }
}

const list = (items: Schema, more: Record<string, unknown> = {}): Schema => ({
  type: 'array',
  items,
  ...more,
})

const ofRoom = { token: string, rid: string }
const customField = { key: string, value: string, overwrite: boolean }
const paging = { count: maybeNumber, offset: maybeNumber, sort: maybeString }
const transcriptEmail = object(
  { sendToVisitor: boolean },
  { requestData: object({ email: string, subject: string }) },
)

export const schemas = {
  message: object(
    { ...ofRoom, msg: string },
    { _id: maybeString, agent: object({ agentId: string, username: string }) },
  ),
  messageEdit: object({ ...ofRoom, msg: string }),
  messageRemoval: object(ofRoom, paging),
  messageQuery: object(ofRoom),
  history: object(
    { token: string },
    { ...paging, searchText: maybeString, ls: maybeString, end: maybeString, limit: maybeNumber },
  ),
  close: object(ofRoom),
  closeByUser: object(
    { rid: string },
    {
      comment: maybeString,
      tags: list(string, { nullable: true }),
      generateTranscriptPdf: { type: 'boolean', nullable: true },
      transcriptEmail,
      forceClose: boolean,
    },
  ),
  forward: object(
    { roomId: string },
    {
      userId: maybeString,
      departmentId: maybeString,
      comment: maybeString,
      clientAction: { type: 'boolean', nullable: true },
    },
  ),
  transfer: object({ ...ofRoom, department: string }),
  survey: object({ ...ofRoom, data: list(object({ name: string, value: string }), { minItems: 1 }) }),
  page: object(
    {
      token: string,
      pageInfo: object({ title: string, change: string, location: object({ href: string }) }),
    },
    { rid: maybeString },
  ),
  customField: object({ token: string, ...customField }),
  customFields: object({ token: string, customFields: list(object(customField)) }),
  transcript: object({ ...ofRoom, email: string }, { subject: string }),
  status: object({ token: string, status: string }),
  offline: object(
    { name: string, email: string, message: string },
    { department: maybeString, host: maybeString },
  ),
  config: object({}, { token: maybeString, department: maybeString, businessUnit: maybeString }),
}
