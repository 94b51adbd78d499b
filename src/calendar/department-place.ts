import { toCountryCode } from './country-code.ts'

/** Lower-case alpha-2 country and lower-case project, as calendar files are named by them. */
export type Place = { country: string; project?: string }

/**
 * The place a department works for, by the naming rule `COUNTRY_PROJECT[_SUBPROJECT]`:
 * `GTM_HIV_GENERAL` → `{ country: 'gt', project: 'hiv' }`. The country may be alpha-3 or alpha-2, in any case.
 * Undefined when the first token is no country code.
 */
export function placeOf(department: string): Place | undefined {
  const [first = '', project] = department.trim().split('_')
  const country = toCountryCode(first)
  if (!country) return undefined
  return project ? { country, project: project.toLowerCase() } : { country }
}
