const NAMES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/**
 * The language a code names, whichever way it is written: `es`, `spa`, `ES-gt` and `es_GT` are all `es`; one without a
 * code of two letters keeps its three (`quc`). ISO 639-1, -2 and -3; the region says nothing here. Undefined for what names none.
 */
export function toLanguage(code: string): string | undefined {
  const [, letters] = /^\s*([a-z]{2,3})(?:[-_][\w-]*)?\s*$/i.exec(code) ?? []
  if (letters === undefined || letters.toLowerCase() === 'und') return undefined
  const { language } = new Intl.Locale(letters)
  return NAMES.of(language) === undefined ? undefined : language
}
