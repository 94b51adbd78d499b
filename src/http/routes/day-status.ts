import { z } from 'zod'
import type { DayAnswer, Whereabouts } from '../../calendar/calendars.ts'
import { MediatorError } from '../../domain/errors.ts'
import { answers } from '../envelope.ts'
import type { TypedApp } from '../typed-app.ts'

/** The working hours of a place at an instant (epoch ms), now by default. Throws RangeError outside years 1–9999. */
export type DayStatusDoor = { dayStatus(where: Whereabouts, at?: number): DayAnswer }

const text = z.string()
const dayStatus = z
  .object({
    time_zone: text,
    start_date: text,
    end_date: text,
    start_time: text,
    end_time: text,
    is_registration_available: z.boolean(),
    day_type: z.enum(['workingday', 'holiday', 'non-workingday']),
    day_name: text.describe('The English weekday in lower case, or the holiday’s label'),
    message: text,
    next_opening: text.nullable().describe('ISO instant with offset'),
  })
  .meta({ id: 'DayStatus' })

export function addDayStatusRoute(app: TypedApp, door: DayStatusDoor): void {
  app.get(
    '/live-agents/project/:projectName/country/:countrycode/day-status',
    {
      schema: {
        summary: 'Whether clients can be registered now',
        tags: ['calendar'],
        params: z.object({
          projectName: text.describe('`hiv`; a project without a calendar of its own has the country’s'),
          countrycode: text.describe('Two or three letters, in any case: `gt`'),
        }),
        querystring: z.object({
          at: text.optional().describe('An ISO instant instead of now: 2026-12-24T17:00:00-06:00'),
        }),
        response: { ...answers(400), 200: dayStatus, 404: dayStatus },
      },
    },
    async (request, reply) => {
      const { projectName: project, countrycode: country } = request.params
      const answer = askFor(door, { country, project }, instantOf(request.query.at))
      return reply.code(answer.kind === 'no-calendar' ? 404 : 200).send(answer.status)
    },
  )
}

function askFor(door: DayStatusDoor, where: Whereabouts, at: number | undefined): DayAnswer {
  try {
    return door.dayStatus(where, at)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new MediatorError('INVALID', 'at: write an instant of the years 1 to 9999')
  }
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

/** A `+` that was not escaped in the URL arrives as a blank. */
function instantOf(at: string | undefined): number | undefined {
  if (at === undefined) return undefined
  const iso = at.trim().replace(/ (?=\d{2}:?\d{2}$)/, '+')
  const ms = INSTANT.test(iso) ? Date.parse(iso) : Number.NaN
  if (Number.isNaN(ms))
    throw new MediatorError(
      'INVALID',
      'at: write an ISO instant with its offset, such as 2026-12-24T17:00:00Z',
    )
  return ms
}
