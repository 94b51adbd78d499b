/** The credentials of an `Authorization: Basic` header. */
export function readBasic(header = ''): { user: string; password: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(header)?.[1]
  if (!encoded) return undefined
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':')
  return { user, password: password.join(':') }
}
