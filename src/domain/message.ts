/** One file that travels with a message. */
export type Attachment = {
  /** MIME type (`image/jpeg`), or a bare kind (`image`) when the sender knew no more. */
  contentType: string
  /** Absolute http(s) address of the bytes. May carry a bearer secret: never log it. */
  url: string
  name?: string
  /** Size in bytes, where the sender said it. */
  size?: number
}

/** One thing said, by the client or by the agent. Never both empty: text or at least one attachment. */
export type Message = {
  text: string
  attachments: Attachment[]
}
