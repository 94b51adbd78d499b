/** What an expression can see: nested objects with text at the leaves; `__default__` is what an object shows. */
export type Context = { [key: string]: Value }
export type Value = string | number | boolean | null | Context

type Tokens = { all: string[]; at: number }

const tokenPattern = /\s*("(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_]*|[.,()&+\-*/])/uy

const functions: Record<string, (...values: Value[]) => Value> = {
  upper: value => render(value).toUpperCase(),
  lower: value => render(value).toLowerCase(),
  title: value => render(value).replace(/\S+/g, word => word[0]?.toUpperCase() + word.slice(1).toLowerCase()),
  trim: value => render(value).trim(),
  text: value => render(value),
  text_length: value => [...render(value)].length,
  default: (value, other) => (render(value) === '' ? other : value),
  json: value => JSON.stringify(value),
}

/**
 * The value of the inside of `@(…)`, as text: paths, texts, numbers, `& + - * /`, parentheses and a few
 * functions, a small part of goflow's language. Empty when it makes no sense, as mailroom sends it.
 */
export function evaluate(expression: string, context: Context): string {
  try {
    const tokens = { all: tokenize(expression), at: 0 }
    const value = readJoin(tokens, context)
    return tokens.at === tokens.all.length ? render(value) : ''
  } catch {
    return ''
  }
}

/** The value at a path of keys, upper or lower case; throws when the path leaves the known. */
function find(path: string[], context: Context): Value {
  return path.reduce<Value>((value, key) => {
    if (typeof value !== 'object' || value === null) throw new Error(`nothing at ${key}`)
    const found = value[key.toLowerCase()]
    if (found === undefined) throw new Error(`no ${key}`)
    return found
  }, context)
}

/** As `find`, but null where there is nothing. */
export function resolve(path: string[], context: Context): Value {
  try {
    return find(path, context)
  } catch {
    return null
  }
}

export function render(value: Value | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  if (value.__default__ !== undefined) return render(value.__default__)
  const lines = Object.entries(value).map(([key, one]) => `${key}: ${render(one)}`)
  return lines.join('\n')
}

function tokenize(expression: string): string[] {
  const tokens: string[] = []
  tokenPattern.lastIndex = 0
  const text = expression.trim()
  let end = 0
  while (end < text.length) {
    tokenPattern.lastIndex = end
    const match = tokenPattern.exec(text)
    if (!match?.[1]) throw new Error('syntax')
    tokens.push(match[1])
    end = tokenPattern.lastIndex
  }
  return tokens
}

function take(tokens: Tokens, ...wanted: string[]): string | undefined {
  const token = tokens.all[tokens.at]
  if (token === undefined || !wanted.includes(token)) return undefined
  tokens.at += 1
  return token
}

function readJoin(tokens: Tokens, context: Context): Value {
  let value = readSum(tokens, context)
  while (take(tokens, '&')) value = render(value) + render(readSum(tokens, context))
  return value
}

function readSum(tokens: Tokens, context: Context): Value {
  let value = readProduct(tokens, context)
  for (let sign = take(tokens, '+', '-'); sign; sign = take(tokens, '+', '-')) {
    const other = toNumber(readProduct(tokens, context))
    value = sign === '+' ? toNumber(value) + other : toNumber(value) - other
  }
  return value
}

function readProduct(tokens: Tokens, context: Context): Value {
  let value = readAtom(tokens, context)
  for (let sign = take(tokens, '*', '/'); sign; sign = take(tokens, '*', '/')) {
    const other = toNumber(readAtom(tokens, context))
    value = sign === '*' ? toNumber(value) * other : toNumber(value) / other
  }
  return value
}

function readAtom(tokens: Tokens, context: Context): Value {
  if (take(tokens, '(')) {
    const value = readJoin(tokens, context)
    if (!take(tokens, ')')) throw new Error('no closing parenthesis')
    return value
  }
  const token = tokens.all[tokens.at++]
  if (token === undefined) throw new Error('unexpected end')
  if (token.startsWith('"')) return String(JSON.parse(token))
  if (/^\d/.test(token)) return Number(token)
  if (!/^[\p{L}_]/u.test(token)) throw new Error(`unexpected ${token}`)
  return take(tokens, '(') ? call(token, tokens, context) : readPath(token, tokens, context)
}

function call(name: string, tokens: Tokens, context: Context): Value {
  const apply = functions[name.toLowerCase()]
  const values: Value[] = []
  while (!take(tokens, ')')) {
    values.push(readJoin(tokens, context))
    if (!take(tokens, ',') && tokens.all[tokens.at] !== ')') throw new Error('no comma')
  }
  if (!apply) throw new Error(`no function ${name}`)
  return apply(...values) ?? null
}

function readPath(first: string, tokens: Tokens, context: Context): Value {
  const path = [first]
  while (take(tokens, '.')) path.push(tokens.all[tokens.at++] ?? '')
  return find(path, context)
}

function toNumber(value: Value): number {
  const number = Number(render(value))
  if (Number.isNaN(number)) throw new Error('not a number')
  return number
}
