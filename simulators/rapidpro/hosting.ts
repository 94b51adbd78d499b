import { randomUUID } from 'node:crypto'

/**
 * A file that a client sent, as RapidPro's storage hosts it. `type` is its content type; after `expiresInMs`,
 * or with `forbidden`, its URL answers 403 as an S3 bucket does.
 */
export type HostedFile = {
  type: string
  data: Buffer | Uint8Array | string
  name: string
  expiresInMs?: number
  forbidden?: boolean
}
type Stored = { type: string; data: Buffer; closesAt: number }

export type Hosting = {
  /** Stores the file and returns its path on the site. */
  host(file: HostedFile): string
  /** The file under this path, `denied`, or undefined. */
  open(path: string): Stored | 'denied' | undefined
}

export function createHosting(now: () => number): Hosting {
  const files = new Map<string, Stored>()
  return {
    host: ({ type, data, name, expiresInMs = Number.POSITIVE_INFINITY, forbidden = false }) => {
      const path = `/storage/attachments/${randomUUID()}/${encodeURIComponent(name)}`
      files.set(path, { type, data: Buffer.from(data), closesAt: forbidden ? 0 : now() + expiresInMs })
      return path
    },
    open: path => {
      const file = files.get(path)
      return file && file.closesAt <= now() ? 'denied' : file
    },
  }
}
