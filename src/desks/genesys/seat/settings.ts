import { z } from 'zod'

const word = z.string().min(1)

/** The table `seat`: a login as an agent. */
export const seatSettings = z.strictObject({
  user: word.refine(user => !user.includes(':'), 'may not contain a colon'),
  password: word,
  /** How agents see the seat. Best a name that no agent has: by it the seat's words are kept from clients. */
  nickname: word.default('Bot'),
  /** Where it sits, for sites that demand a place of whoever logs in. */
  place: word.optional(),
  login_code: word.optional(),
  queue: word.optional(),
  device_path: word.optional(),
})

export type SeatSettings = z.infer<typeof seatSettings>

/** What the desk has decided for its seat. */
export type SeatConnection = {
  /** Web Services, with its path: `https://gws.example.org/api/v2`. */
  url: string
  /** Sent with every request. */
  headers: Record<string, string>
  /** Paths and names of the first release, or of the later ones. */
  apiStyle: 'interactions' | 'chats'
  /** Key of attached data with the session's id; the key with `Department` after it has the department. */
  userDataKey: string
  /** Department → whom an interaction is handed to; `default` for all others. */
  transfers: Record<string, { skill?: string; agent?: string; queue?: string }> | undefined
  /** `everything`: there is no customer's part of ours, agents' words come from here. */
  relay: 'control' | 'everything'
  /** Names of the fields of SingleStepTransfer, which are not documented. */
  transferFields: { agent: string; skill: string }
}
