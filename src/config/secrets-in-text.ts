/** Replaces `${NAME}` in every string of a TOML value by that variable; says which are missing. */
export function fillIn(
  value: unknown,
  env: Record<string, string | undefined>,
  missing: Set<string>,
): unknown {
  if (typeof value === 'string') return fillText(value, env, missing)
  if (Array.isArray(value)) return value.map(item => fillIn(item, env, missing))
  if (!isTable(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, env, missing)]))
}

function fillText(text: string, env: Record<string, string | undefined>, missing: Set<string>): string {
  return text.replace(/\$\{([A-Za-z_]\w*)\}/g, (_match, name: string) => {
    const found = env[name]
    if (!found) missing.add(name)
    return found || `\${${name}}`
  })
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date)
}
