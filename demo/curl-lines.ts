import type { Stage } from './stage.ts'

/** A command to paste into a shell, and what it does. */
type CurlLine = { does: string; command: string }

/** The client of the lines below: a contact of the simulated RapidPro. */
export const VISITOR = {
  uuid: '11111111-2222-4333-8444-555555555555',
  name: 'Pedro',
  urn: 'tel:+50255550002',
}

/** The smallest GIF there is: one pixel. */
const GIF = 'R0lGODlhAQABAAAAACwAAAAAAQABAAA='

/** Lines that work from top to bottom, and again after that. */
export function curlLines({ mediator, rocketchat, rapidpro, token, department }: Stage): CurlLine[] {
  const api = `${mediator.url}/live-agents`
  const login = `-H 'Authorization: Token ${token}'`
  const desk = `${rocketchat.url}/__desk/rooms/${VISITOR.uuid}`
  const dayStatus = `${api}/project/clinic/country/gt/day-status`
  const contact = { uuid: VISITOR.uuid, name: VISITOR.name }
  return [
    {
      does: 'register a client',
      command: post(`${api}/registerClient ${login}`, { contact, department }),
    },
    {
      does: 'say something as the client',
      command: post(`${api}/sendMessageToAgent ${login}`, { contact, input: { text: 'Is anybody there?' } }),
    },
    { does: 'answer as the agent', command: post(`${desk}/say`, { text: 'Yes, I am :wave:' }) },
    {
      does: 'send a file as the agent',
      command: post(`${desk}/file`, { name: 'dot.gif', type: 'image/gif', base64: GIF }),
    },
    {
      does: 'see the client’s phone',
      command: get(`${rapidpro.url}/__bot/contacts/${VISITOR.uuid}/messages`),
    },
    { does: 'see the session', command: get(`${api}/sessions/${VISITOR.uuid} ${login}`) },
    {
      does: 'make the desk fail twice; then say something again, and watch',
      command: post(`${rocketchat.url}/__faults`, {
        kind: 'server-error',
        route: '/api/v1/livechat/message',
        times: 2,
      }),
    },
    { does: 'close as the agent', command: post(`${desk}/close`, { comment: 'Goodbye!' }) },
    {
      does: 'ask whether it is open, now and at Christmas',
      command: get(dayStatus),
    },
    {
      does: '',
      command: get(`'${dayStatus}?at=2026-12-25T10:00:00-06:00'`),
    },
    { does: 'see what was given up', command: get(`${api}/dead-letters ${login}`) },
    { does: 'see the metrics', command: get(`${mediator.url}/metrics`) },
  ]
}

/** `-w` ends the answer's line, so that the prompt comes on one of its own. */
function get(what: string): string {
  return `curl -sS -w '\\n' ${what}`
}

/** The bodies hold no single quotes, so they can stand between two. */
function post(where: string, body: unknown): string {
  return `${get(where)} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`
}
