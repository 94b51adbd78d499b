/** A table in Markdown; the first column is text, the others are numbers. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map(row => row[i]?.length ?? 0)))
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, i) => (i ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, i) => (i ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

/** At most so many decimals; thousands apart. */
export function show(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return ''
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}
