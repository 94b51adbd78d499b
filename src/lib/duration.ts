const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30s`, `3m`, `12h` or `7d` in ms; undefined for anything else, and for nothing at all. */
export function readDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)\s*([smhd])$/.exec(text.trim()) ?? []
  const ms = Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN)
  return ms > 0 ? ms : undefined
}
