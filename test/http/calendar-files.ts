/** Monday to Friday, 8 to 5, in Guatemala; three days of Christmas. */
export const COUNTRY_FILE = `
[gt]
time_zone = 'Etc/GMT+6'
workingDayMessage = 'From 8 to 5.'
${['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map(day => workingDay('gt', day, '8:00', '17:00')).join('')}
[[gt.days.holidays]]
day = "Christmas"
start_date = "2026-12-24"
end_date = "2026-12-26"
message = 'Merry Christmas.'
`

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** Day and night, in any week. */
export function alwaysOpen(country: string): string {
  const days = WEEK.map(day => workingDay(country, day, '0:00', '24:00'))
  return `[${country}]\ntime_zone = 'America/Guatemala'\nworkingDayMessage = 'Day and night.'\n${days.join('')}`
}

export const PROJECT_FILE = alwaysOpen('gt')

/** Closed on whatever day the tests run. */
export function closedForever(country: string, message: string): string {
  return `${alwaysOpen(country)}
[[${country}.days.holidays]]
day = "The long sleep"
start_date = "2000-01-01"
end_date = "2099-12-31"
message = '${message}'
`
}

function workingDay(country: string, day: string, start: string, end: string): string {
  return `[[${country}.days.workingDays]]\nday = "${day}"\nstart_time = "${start}"\nend_time = "${end}"\n`
}
