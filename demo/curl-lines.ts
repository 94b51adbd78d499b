import type { AgentFile, DeskStage, Paste } from '../simulators/stage.ts'
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
const DOT: AgentFile = {
  name: 'dot.gif',
  type: 'image/gif',
  data: Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64'),
}

/** Lines that work from top to bottom, and again after that. */
export function curlLines(stage: Stage): CurlLine[] {
  const { mediator, desk, rapidpro, token } = stage
  const api = `${mediator.url}/live-agents`
  const login = `-H 'Authorization: Token ${token}'`
  const dayStatus = `${api}/project/clinic/country/gt/day-status`
  const contact = { uuid: VISITOR.uuid, name: VISITOR.name }
  return [
    {
      does: 'register a client',
      command: post(`${api}/registerClient ${login}`, { contact, department: desk.department }),
    },
    {
      does: 'say something as the client',
      command: post(`${api}/sendMessageToAgent ${login}`, { contact, input: { text: 'Is anybody there?' } }),
    },
    ...agentLines(desk),
    {
      does: 'see the client’s phone',
      command: get(`${rapidpro.url}/__bot/contacts/${VISITOR.uuid}/messages`),
    },
    { does: 'see the session', command: get(`${api}/sessions/${VISITOR.uuid} ${login}`) },
    ...troubleLines(desk),
    ...closingLines(desk),
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

function agentLines({ url, agent, paste }: DeskStage): CurlLine[] {
  if (!paste) return []
  const wave = agent.writesShortcodes ? ':wave:' : '👋'
  const lines = [
    { does: 'take the conversation as the agent', command: toCurl(url, paste.take(VISITOR)) },
    { does: 'answer as the agent', command: toCurl(url, paste.say(VISITOR, `Yes, I am ${wave}`)) },
  ]
  const file = paste.sendFile?.(VISITOR, DOT)
  return file ? [...lines, { does: 'send a file as the agent', command: toCurl(url, file) }] : lines
}

function closingLines({ url, agent, paste }: DeskStage): CurlLine[] {
  if (!paste) return []
  const close = paste.close(VISITOR, agent.closesWithComment ? 'Goodbye!' : undefined)
  return [{ does: 'close as the agent', command: toCurl(url, close) }]
}

/** All simulators take faults, but they only strike what goes over HTTP. */
function troubleLines({ url, routes }: DeskStage): CurlLine[] {
  if (!routes.send) return []
  const fault = { kind: 'server-error', route: routes.send, times: 2 }
  const does = 'make the desk fail twice; then say something again, and watch'
  return [{ does, command: post(`${url}/__faults`, fault) }]
}

function toCurl(url: string, { method, path, body }: Paste): string {
  return method === 'GET' ? get(`${url}${path}`) : post(`${url}${path}`, body ?? {})
}

/** `-w` ends the answer's line, so that the prompt comes on one of its own. */
function get(what: string): string {
  return `curl -sS -w '\\n' ${what}`
}

/** The bodies hold no single quotes, so they can stand between two. */
function post(where: string, body: unknown): string {
  return `${get(where)} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`
}
