/** The documented answer; a refusal has no data. */
export type Envelope = { status: 'success' | 'failure'; data: Record<string, unknown>; message: string }

export function succeed(data: Record<string, unknown>, message: string): Envelope {
  return { status: 'success', data, message }
}

export function fail(message: string): Envelope {
  return { status: 'failure', data: {}, message }
}
