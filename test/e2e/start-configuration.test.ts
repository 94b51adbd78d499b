import { describe, expect, it } from 'vitest'
import { alwaysOpen } from '../http/calendar-files.ts'
import { inFolder, startInVain } from '../http/own-process.ts'

const SECRET = 'sesame-open-up-42'

/** Everything wrong at once. */
const TOML = `missing_calendars = "open"
[bots.rapidpro]
type = "rapidpro"
url = "\${NO_SUCH_URL}"
token = "${SECRET}"
text_limits = 640
[desks.rocketchat]
type = "rocketchat"
url = "no address"
webhook_token = "\${NO_SUCH_TOKEN}"
[desks.rocketchat.custom_fields]
who = "{nobody}"
[[routes]]
department = "GTM_*"
desk = "nowhere"
[texts.es]
quued = ""
[texts.spa]
ended = ""
`

const CALENDAR = `[gt]
time_zone = 'Etc/GMT+66'
workingDayMessage = 'x'
[[gt.days.workingDays]]
day = "mondag"
start_time = "8:00"
end_time = "25:00"
[[gt.days.holidays]]
day = "x"
start_date = "2026-02-30"
`

const ENV = { API_TOKENS: '', PORT: 'eighty', LOG_LEVEL: 'loud', SESSION_TTL: 'long', REDIS_URL: 'http://x' }

describe('a configuration that cannot work', () => {
  it('is explained whole, each problem with its place, and the process ends', async () => {
    const files = { 'working-hours-gt.toml': CALENDAR, 'working-hours-ec.toml': '[ec\n' }
    const { code, printed } = await inFolder({ toml: TOML, files }, dir => startInVain(dir, { env: ENV }))
    expect(code).not.toBe(0)
    const said = [
      /API_TOKENS: .*API_AUTH=off/,
      /PORT: "eighty".*1 to 65535/,
      /LOG_LEVEL: "loud".*info/,
      /SESSION_TTL: "long".*7d/,
      /REDIS_URL: .*redis:\/\//,
      /live-agents\.toml:1: missing_calendars: there is no such setting/,
      /live-agents\.toml:4: .*NO_SUCH_URL.*set the variable/,
      /live-agents\.toml:6: bots\.rapidpro\.text_limits: there is no such setting/,
      /live-agents\.toml:9: desks\.rocketchat\.url: /,
      /live-agents\.toml:10: .*NO_SUCH_TOKEN/,
      /live-agents\.toml:12: desks\.rocketchat\.custom_fields\.who: /,
      /live-agents\.toml:15: .*no desk "nowhere".*rocketchat/,
      /live-agents\.toml:17: texts\.es\.quued: there is no such setting/,
      /live-agents\.toml:18: texts\.spa: is "es", which has a table already/,
      /working-hours-gt\.toml:2: .*Etc\/GMT\+66/,
      /working-hours-gt\.toml:5: .*mondag/,
      /working-hours-gt\.toml:7: .*25:00/,
      /working-hours-gt\.toml:10: .*2026-02-30/,
      /working-hours-ec\.toml:1: /,
    ]
    expect(said.filter(pattern => !pattern.test(printed)).map(String), printed).toEqual([])
    expect(printed).not.toContain(SECRET)
    expect(printed).not.toMatch(/^\s+at /m)
  })

  it.each([
    [
      'no desk',
      '[bots.b]\ntype = "rapidpro"\nurl = "http://x.org"\ntoken = "t"\n[desks]\n',
      /configure a desk/,
    ],
    ['no bot', '[desks.d]\ntype = "rocketchat"\nurl = "http://x.org"\nwebhook_token = "t"\n', /bots/],
    [
      'an unknown kind of desk',
      '[bots]\n[desks.d]\ntype = "fax"\n',
      /live-agents\.toml:3: desks\.d\.type: .*rocketchat/,
    ],
    [
      'two desks of one secret',
      '[desks.a]\ntype = "rocketchat"\nurl = "http://x.org"\nwebhook_token = "t"\n[desks.b]\ntype = "rocketchat"\nurl = "http://y.org"\nwebhook_token = "t"\n',
      /live-agents\.toml:8: desks\.b\.webhook_token: is that of desks\.a/,
    ],
    [
      'a country and a language that are none',
      '[[routes]]\ndepartment = "*"\ndesk = "d"\ncountry = "Guatemala"\nlanguage = "Spanish"\n',
      /live-agents\.toml:4: routes\.0\.country: .*ISO 3166[\s\S]*:5: routes\.0\.language: .*ISO 639/,
    ],
    [
      'hosts of files that are none',
      '[media]\nallow = [\n  "10.0.0.0/8",\n  "http://files.local",\n]\n',
      /live-agents\.toml:2: media\.allow\.1: "http:\/\/files\.local" is no host or address: write .*"10\.20\.0\.0\/16"/,
    ],
    [
      'values without their quotes and brackets',
      'look_up_after = 3\n[media]\nallow = "10.0.0.0/8"\n',
      /toml:1: look_up_after: write .* in quotes, such as "3m"[\s\S]*:3: media\.allow: write a list, such as \["10/,
    ],
    [
      'another word for hosts of files, and a setting of no table among them',
      '[media]\nallowed = []\nlook_up_after = "3m"\n',
      /toml:2: media\.allowed: there is no such setting\n.*:3: media\.look_up_after: there is no such setting; look_up_after stands above the first table/,
    ],
    ['no TOML', 'x = \n', /live-agents\.toml:1:\d+: /],
    ['nothing', '', /bots/],
  ])('says what is missing in a file with %s', async (_what, toml, pattern) => {
    const { code, printed } = await inFolder({ toml }, startInVain)
    expect(code).not.toBe(0)
    expect(printed).toMatch(pattern)
  })

  it('says where it looked for the file that is not there', async () => {
    const { code, printed } = await inFolder({}, dir =>
      startInVain(`${dir}/none`, { dataDir: `${dir}/data` }),
    )
    expect(code).not.toBe(0)
    expect(printed).toMatch(/none\/live-agents\.toml: cannot be read.*CONFIG_DIR/)
  })

  it.each([
    ['API_AUTH', 'of', /API_AUTH: "of".*"off"/],
    ['API_TOKENS', 'a b', /API_TOKENS: .*blanks/],
    ['PORT', '70000', /PORT: "70000"/],
    ['PORT', '-1', /PORT: "-1"/],
    ['PORT', '30.5', /PORT: "30\.5"/],
    ['REDIS_URL', `redis://:${SECRET}@not a host:x`, /REDIS_URL: /],
    ['REDIS_URL', `redis://user:${SECRET}%zz@127.0.0.1:9`, /REDIS_URL/],
  ])('says what is wrong with %s="%s"', async (name, value, pattern) => {
    const { code, printed } = await inFolder({}, dir => startInVain(dir, { env: { [name]: value } }))
    expect(code).not.toBe(0)
    expect(printed).toMatch(pattern)
    expect(printed).not.toContain(SECRET)
  })

  it('prints no secret when a file cannot be parsed where a secret stands', async () => {
    const toml = `[bots.rapidpro]\ntoken = ${SECRET}\n`
    const { printed } = await inFolder({ toml }, startInVain)
    expect(printed).toMatch(/live-agents\.toml:2/)
    expect(printed).not.toContain(SECRET)
  })

  it.each([
    ['curly quotes', `[gt]\ntime_zone = ‘Etc/GMT+6’\n`, /working-hours-gt\.toml:2: .*curly quotes/],
    ['another root table', alwaysOpen('ec'), /working-hours-gt\.toml:1: .*\[gt\]/],
    [
      'an end before its start',
      `${alwaysOpen('gt')}[[gt.days.holidays]]\nday = "x"\nstart_date = "2026-12-25"\nend_date = "2026-12-24"\n`,
      /working-hours-gt\.toml:\d+: .*before start_date/,
    ],
    [
      'a misspelt key',
      alwaysOpen('gt').replaceAll('workingDays', 'workingdays'),
      /working-hours-gt\.toml:\d+: .*workingdays/,
    ],
  ])('says which line of a calendar has %s', async (_what, text, pattern) => {
    const files = { 'working-hours-gt.toml': text }
    const { code, printed } = await inFolder({ files }, startInVain)
    expect(code).not.toBe(0)
    expect(printed).toMatch(pattern)
  })
})
