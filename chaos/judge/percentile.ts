/** The value below which `share` (0 to 1) of all values lie, by the nearest rank; NaN without any value. */
export function percentile(values: number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  const rank = Math.ceil(share * sorted.length)
  return sorted[Math.max(0, rank - 1)] ?? Number.NaN
}
