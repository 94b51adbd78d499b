type Scalar = string | number | boolean | null
type Results = Record<string, Scalar | { value?: Scalar }> | null | undefined

/** The results of a run as name → value. Authors post them whole (`{value, category}`) or bare. */
export function readResults(results: Results): Record<string, string> {
  const read = Object.entries(results ?? {}).map(([key, result]) => [key, pickValue(result)] as const)
  return Object.fromEntries(
    read.filter(([, value]) => value !== null).map(([key, value]) => [key, String(value)]),
  )
}

function pickValue(result: Scalar | { value?: Scalar }): Scalar {
  if (typeof result !== 'object' || result === null) return result
  return result.value ?? null
}
