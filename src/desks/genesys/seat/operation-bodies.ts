import type { Operation } from './operations.ts'
import type { SeatConnection } from './settings.ts'

/** What is posted for an operation; or why this site has nothing like it. */
export type OperationBody = Record<string, unknown> | { cannot: string }

export type OwnSeat = Pick<SeatConnection, 'apiStyle' | 'url' | 'transferFields'> & {
  nickname: string
  /** The seat's own id as a user. */
  userId: string
}

type Name = Operation['operation']
type Bodies = { [N in Name]: (given: Extract<Operation, { operation: N }>, seat: OwnSeat) => OperationBody }

const byName = (operationName: string) => () => ({ operationName })
const sending = ({ text }: { text: string }) => ({ operationName: 'SendMessage', text })
const accepting = ({ nickname }: { nickname?: string }, seat: OwnSeat) => ({
  operationName: 'Accept',
  nickname: nickname ?? seat.nickname,
})

const shared = {
  Accept: accepting,
  Reject: byName('Reject'),
  Send: sending,
  SendMessage: sending,
  SendStartTypingNotification: byName('SendStartTypingNotification'),
  SendStopTypingNotification: byName('SendStopTypingNotification'),
  Complete: byName('Complete'),
} as const

/** `POST /me/interactions/{id}` [D]: "Interactions on Chat Channel" (HTCC 8.5.2). The body of SingleStepTransfer is [I]. */
const SEED = {
  ...shared,
  InviteUser: ({ agentId }) => ({ operationName: 'InviteUser', agentId }),
  EndChatSession: byName('EndChatSession'),
  SingleStepTransfer: ({ operation, agentId, skill, ...target }, { transferFields }) => ({
    operationName: operation,
    ...(agentId !== undefined && { [transferFields.agent]: agentId }),
    ...(skill !== undefined && { [transferFields.skill]: skill }),
    ...target,
  }),
  RequestChatHistory: ({ operation, ...from }) => ({ operationName: operation, ...from }),
  LeaveConference: ({ agentId }, { userId }) => ({
    operationName: 'LeaveConference',
    agentId: agentId ?? userId,
  }),
} satisfies Bodies

/** `POST /me/chats/{id}` [D]: pages ChatInviteUser, ChatSingleStepTransfer, ChatLeave (HTCC 8.5.2 to GWS 8.6). */
const LATER = {
  ...shared,
  InviteUser: ({ agentId }, seat) => ({ operationName: 'Invite', targetUri: userUri(agentId, seat) }),
  EndChatSession: () => ({
    cannot:
      'EndChatSession has no counterpart with api_style = "chats": use Complete, which ends the chat too',
  }),
  SingleStepTransfer: ({ operation: _, agentId, skill, ...target }, seat) =>
    skill === undefined
      ? {
          operationName: 'Transfer',
          ...(agentId !== undefined && { targetUri: userUri(agentId, seat) }),
          ...target,
        }
      : {
          cannot: 'SingleStepTransfer knows no skill with api_style = "chats": name an agent or a queueName',
        },
  RequestChatHistory: () => ({ cannot: 'RequestChatHistory has no counterpart with api_style = "chats"' }),
  LeaveConference: ({ agentId }, seat) =>
    agentId === undefined || agentId === seat.userId
      ? { operationName: 'Leave' }
      : { operationName: 'RemoveParticipantFromConference', targetUri: userUri(agentId, seat) },
} satisfies Bodies

const STYLES = { interactions: SEED, chats: LATER } as const

export function toBody(operation: Operation, seat: OwnSeat): OperationBody {
  const bodies: Bodies = STYLES[seat.apiStyle]
  const make = bodies[operation.operation] as (given: Operation, seat: OwnSeat) => OperationBody
  return make(operation, seat)
}

/** The later API names agents by address. */
function userUri(agentId: string, { url }: OwnSeat): string {
  return /^https?:\/\//.test(agentId) ? agentId : `${url}/users/${encodeURIComponent(agentId)}`
}
