import { MediatorError } from '../domain/errors.ts'

/** One line of the routing table: which departments go to which desk. */
export type Route = {
  /** A department's name; `*` stands for any run of characters. */
  department: string
  desk: string
  /** Tried in order when the desk has nobody or is down. */
  fallback: string[]
  /** Whose working hours gate it; by default read from the department's name. */
  country?: string | undefined
  project?: string | undefined
  /** What its clients speak, where the bot does not say, or there are no texts in what it says. */
  language?: string | undefined
}

export type Router = (department: string) => Route

/** The first route whose pattern fits, capitals and all. Throws UNKNOWN_DEPARTMENT when none does. */
export function createRouter(routes: Route[]): Router {
  const table = routes.map(route => ({ route, pattern: patternOf(route.department) }))
  return department => {
    const found = table.find(({ pattern }) => pattern.test(department))
    if (found) return found.route
    throw new MediatorError(
      'UNKNOWN_DEPARTMENT',
      `no desk serves the department "${department}": no [[routes]] takes it`,
    )
  }
}

function patternOf(glob: string): RegExp {
  const literal = glob.split('*').map(text => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`, 's')
}
