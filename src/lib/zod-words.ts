/** What zod says is wrong, in words for whoever wrote it. */
export function plainly(message: string): string {
  if (/^Invalid input: expected .*, received undefined$/.test(message)) return 'is missing'
  return message === 'Invalid URL' ? 'is no address; it begins with http:// or https://' : message
}
