/** The cookies of a `Cookie` header. */
export function readCookies(header = ''): Map<string, string> {
  const pairs = header.split(';').map(pair => pair.trim().split('='))
  return new Map(pairs.filter(([name]) => name).map(([name = '', ...value]) => [name, value.join('=')]))
}
