import { Refusal } from './refusal.ts'

/** Thrown by a reader: what is wrong with one field, a list of sentences or a nested object of them. */
export class FieldError extends Error {
  readonly problems: unknown
  constructor(problems: unknown) {
    super('invalid field')
    this.problems = typeof problems === 'string' ? [problems] : problems
  }
}

export type Reader<Value> = (value: unknown) => Value
export type Field<Value> = { required: boolean; read: Reader<Value> }
type Values<Fields> = { [Key in keyof Fields]: Fields[Key] extends Field<infer Value> ? Value : never }

export const required = <Value>(read: Reader<Value>): Field<Value> => ({ required: true, read })
export const optional = <Value>(read: Reader<Value>): Field<Value | undefined> => ({ required: false, read })
export const nullable =
  <Value>(read: Reader<Value>): Reader<Value | null> =>
  value =>
    value === null ? null : read(value)

/**
 * Reads the known fields of a posted body; unknown ones are ignored. Throws a Refusal 400 that names every
 * field in trouble, worded as Django REST Framework words it.
 */
export function readFields<Fields extends Record<string, Field<unknown>>>(
  body: unknown,
  fields: Fields,
): Values<Fields> {
  if (!isObject(body)) {
    throw new Refusal(400, { non_field_errors: ['Request body should be a single JSON object'] })
  }
  const problems: Record<string, unknown> = {}
  const values: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(fields)) {
    readField(key, body[key], field, values, problems)
  }
  if (Object.keys(problems).length > 0) throw new Refusal(400, problems)
  return values as Values<Fields>
}

function readField(
  key: string,
  value: unknown,
  field: Field<unknown>,
  values: Record<string, unknown>,
  problems: Record<string, unknown>,
): void {
  if (value === undefined) {
    if (field.required) problems[key] = ['This field is required.']
    return
  }
  try {
    values[key] = field.read(value)
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    problems[key] = error.problems
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** DRF's CharField: trimmed, not blank, no NUL, at most `max` code points. Numbers are taken as text. */
export function readText(max = Number.POSITIVE_INFINITY, min = 0): Reader<string> {
  return value => {
    if (value === null) throw new FieldError('This field may not be null.')
    if (typeof value !== 'string' && typeof value !== 'number') throw new FieldError('Not a valid string.')
    const text = String(value).trim()
    if (text === '') throw new FieldError('This field may not be blank.')
    if (text.includes('\0')) throw new FieldError('Null characters are not allowed.')
    const length = countCharacters(text)
    if (length > max) throw new FieldError(`Ensure this field has no more than ${max} characters.`)
    if (length < min) throw new FieldError(`Ensure this field has at least ${min} characters.`)
    return text
  }
}

/** Code points, as Python counts. */
function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

export const readBoolean: Reader<boolean> = value => {
  if (value === true || value === 'true' || value === 1) return true
  if (value === false || value === 'false' || value === 0) return false
  throw new FieldError('Must be a valid boolean.')
}

export const readObject: Reader<Record<string, unknown>> = value => {
  if (!isObject(value)) throw new FieldError('Must be a valid JSON object')
  return value
}

export function readChoice(choices: readonly string[]): Reader<string> {
  return value => {
    if (typeof value === 'string' && choices.includes(value)) return value
    throw new FieldError(`"${String(value)}" is not a valid choice.`)
  }
}

/** A list of references to existing objects: the first one missing is named. */
export function readReferences<Value>(read: Reader<Value>, max: number): Reader<Value[]> {
  return value => readList(value, max, `This field can only contain up to ${max} items.`).map(read)
}

/** A list of plain values: problems are told by position, `{"0": [...]}`. */
export function readValues<Value>(read: Reader<Value>, max: number): Reader<Value[]> {
  return value => {
    const problems: Record<string, unknown> = {}
    const items = readList(value, max, `Ensure this field has no more than ${max} elements.`)
    const values = items.map((item, index) => readItem(item, index, read, problems))
    if (Object.keys(problems).length > 0) throw new FieldError(problems)
    return values as Value[]
  }
}

function readItem<Value>(
  item: unknown,
  index: number,
  read: Reader<Value>,
  problems: Record<string, unknown>,
): Value | undefined {
  try {
    return read(item)
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    problems[index] = error.problems
    return undefined
  }
}

function readList(value: unknown, max: number, tooMany: string): unknown[] {
  if (!Array.isArray(value)) {
    throw new FieldError(`Expected a list of items but got type "${pythonType(value)}".`)
  }
  if (value.length > max) throw new FieldError(tooMany)
  return value
}

function pythonType(value: unknown): string {
  if (value === null) return 'NoneType'
  const names: Record<string, string> = { string: 'str', number: 'int', boolean: 'bool', object: 'dict' }
  return names[typeof value] ?? typeof value
}
