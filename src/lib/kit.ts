import type { Clock } from './clock.ts'
import type { FileSource } from './file-source.ts'
import type { HttpDoor } from './http-door.ts'

/** What a desk or a bot is made with. */
export type Kit = {
  /** The name the configuration gives it: its URL segment and its word in logs. */
  name: string
  /** To its own system only, with its credentials. */
  http: HttpDoor
  /** For everybody's files. */
  files: FileSource
  clock: Clock
}
