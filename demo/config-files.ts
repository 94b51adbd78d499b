import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeskStage } from '../simulators/stage.ts'

type Places = {
  rapidpro: { url: string; token: string }
  desk: DeskStage
  endedFlow: string
}

/** Shorter than RapidPro's 640, so that a reply of a few lines has to be cut. */
export const TEXT_LIMIT = 120

export const TEXTS = {
  queued: 'You are next in line. Somebody will be with you in a moment.',
  joined: '{agent} has joined the chat.',
  delayed: 'Your message has not reached our agent yet. We keep trying.',
}

/** Writes what the mediator reads at its start: `live-agents.toml` and the working hours of one country. */
export function writeConfig(folder: string, places: Places): void {
  writeFileSync(join(folder, 'live-agents.toml'), settings(places))
  writeFileSync(join(folder, 'working-hours-gt.toml'), WORKING_HOURS)
}

/** The demo runs at any hour: its department belongs to no country, and is open without a calendar. */
function settings({ rapidpro, desk, endedFlow }: Places): string {
  return `missing_calendar = "open"

[media]
allow = ${JSON.stringify(desk.mediaHosts ?? [])}

[bots.rapidpro]
type = "rapidpro"
url = "${rapidpro.url}"
token = "${rapidpro.token}"
text_limit = ${TEXT_LIMIT}
ended_flow = "${endedFlow}"

[desks.${desk.type}]
${desk.settings}

[texts]
queued = "${TEXTS.queued}"
joined = "${TEXTS.joined}"
client_delayed = "${TEXTS.delayed}"
`
}

const workingDay = (day: string) => `
[[gt.days.workingDays]]
day = "${day}"
start_time = "8:00"
end_time = "17:00"
`

const WORKING_HOURS = `[gt]
time_zone = "America/Guatemala"
workingDayMessage = "We are here from Monday to Friday, 8:00 to 17:00."
${['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map(workingDay).join('')}
[[gt.days.holidays]]
day = "Christmas"
start_date = "2026-12-25"
message = "Merry Christmas! We are back on Monday."
`
