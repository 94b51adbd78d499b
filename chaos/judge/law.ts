/** What one scrape says of one direction and desk. */
export type Balance = { direction: string; desk: string } & Record<Column, number>

const COLUMNS = ['accepted', 'delivered', 'dead', 'given-up', 'moved', 'waiting'] as const
type Column = (typeof COLUMNS)[number]

const LINE = /^mediator_(entries_total|waiting)\{([^}]*)\}\s+(\S+)/

/** Reads the text of /metrics; no balance at all means that there are no such metrics in it. */
export function readBalances(text: string): Balance[] {
  const balances = new Map<string, Balance>()
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = LINE.exec(line) ?? []
    if (!name) continue
    const { direction = '', desk = '', became } = labelsIn(labels)
    const column = COLUMNS.find(known => known === (name === 'waiting' ? name : became))
    if (!column) continue
    const key = `${direction}/${desk}`
    const balance = balances.get(key) ?? emptyBalance(direction, desk)
    balance[column] = Number(value)
    balances.set(key, balance)
  }
  return text.includes('mediator_entries_total{') ? [...balances.values()] : []
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  )
}

function emptyBalance(direction: string, desk: string): Balance {
  return { direction, desk, accepted: 0, delivered: 0, dead: 0, 'given-up': 0, moved: 0, waiting: 0 }
}

/** Where what was accepted is not what became of it: a line for each. */
export function breaches(balances: Balance[]): string[] {
  return balances.filter(one => one.accepted !== sumOf(one)).map(show)
}

function sumOf(one: Balance): number {
  return one.delivered + one.dead + one['given-up'] + one.moved + one.waiting
}

function show(one: Balance): string {
  const parts = COLUMNS.slice(1).map(column => `${one[column]} ${column}`)
  return `${one.direction} "${one.desk}": ${one.accepted} accepted, but ${parts.join(' + ')} = ${sumOf(one)}`
}
