import type { Call } from './api.ts'

const pageSize = 250

type Row<Item> = { items: Item[]; key: (item: Item) => number; show: (item: Item) => unknown }

/** One page of a list that is newest first, keys falling; `next` and `previous` are whole URLs. */
export function paginate<Item>(call: Call, { items, key, show }: Row<Item>): Record<string, unknown> {
  const start = startOf(call, items, key)
  const page = items.slice(start, start + pageSize)
  const last = page.at(-1)
  const before = items[start - pageSize - 1]
  const more = start + pageSize < items.length && last !== undefined
  return {
    next: more ? pageUrl(call, key(last)) : null,
    previous: start === 0 ? null : pageUrl(call, before && key(before)),
    results: page.map(show),
  }
}

function startOf<Item>(call: Call, items: Item[], key: (item: Item) => number): number {
  const cursor = call.query.cursor
  if (cursor === undefined) return 0
  const after = Number(Buffer.from(cursor, 'base64url').toString().slice(2))
  const index = items.findIndex(item => key(item) < after)
  return index < 0 ? items.length : index
}

function pageUrl({ workspace, path, query }: Call, after: number | undefined): string {
  const { cursor: _, ...rest } = query
  const cursor = Buffer.from(`p=${after}`).toString('base64url')
  const search = new URLSearchParams(after === undefined ? rest : { ...rest, cursor })
  return `${workspace.url}${path}${search.size > 0 ? `?${search}` : ''}`
}

/** `before` and `after` in epoch ms, both inclusive; undefined when a date cannot be read: nothing matches. */
export function readRange(query: Record<string, string>): { after: number; before: number } | undefined {
  const after = query.after === undefined ? Number.NEGATIVE_INFINITY : Date.parse(query.after)
  const before = query.before === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.before)
  return Number.isNaN(after) || Number.isNaN(before) ? undefined : { after, before }
}
