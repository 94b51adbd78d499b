/** Where it happened, without the message: a parser's message quotes what it read. */
export function traceOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const frames = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  return [error.name, ...frames.slice(0, 6)].join('\n')
}
