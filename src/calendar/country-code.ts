// The package's main entry registers the country names of 80 languages; this one holds the codes alone.
import countries from 'i18n-iso-countries/index.js'

/** `GTM`, `gtm`, `GT` or `gt` → `gt`; undefined when ISO 3166 knows no such alpha-2 or alpha-3 code. */
export function toCountryCode(code: string): string | undefined {
  const trimmed = code.trim()
  // The library takes digits too, and passes unknown pairs of letters through.
  if (!/^[a-z]{2,3}$/i.test(trimmed) || !countries.isValid(trimmed)) return undefined
  return countries.toAlpha2(trimmed)?.toLowerCase()
}
