import { beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../../src/http/server.ts'
import { buildApp } from './kit.ts'

/** The contract's routes that are served today. */
const ROUTES = [
  'POST /live-agents/registerClient',
  'POST /live-agents/sendMessageToAgent',
  'DELETE /live-agents/session/user/{userid}',
  'POST /live-agents/sendMessageToClient',
  'POST /live-agents/desks/{desk}/events',
  'GET /live-agents/project/{projectName}/country/{countrycode}/day-status',
  'GET /live-agents/sessions/{userid}',
  'GET /live-agents/dead-letters',
  'GET /live-agents/dead-letters/{id}',
  'POST /live-agents/dead-letters/replay',
  'POST /live-agents/dead-letters/{id}/replay',
  'POST /live-agents/desks/{desk}/interactions/{id}',
  'GET /live-agents/desks/{desk}/conversations/{id}/transcript',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
]

type Document = {
  openapi: string
  paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown[] }>>
}

let app: App
let document: Document
beforeAll(async () => {
  app = await buildApp()
  document = (await app.inject('/openapi.json')).json()
})

describe('openapi.json', () => {
  it('lists the routes of the contract, all of them and no others', () => {
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    )
    expect(listed.sort()).toEqual([...ROUTES].sort())
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  it.each(ROUTES)('tells the truth of %s: it is served', route => {
    const [method = '', path = ''] = route.split(' ')
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
    expect(app.hasRoute({ method, url })).toBe(true)
  })

  it('says what each route answers, and resolves all its references', () => {
    const text = JSON.stringify(document)
    for (const methods of Object.values(document.paths))
      for (const { responses } of Object.values(methods)) expect(Object.keys(responses)).toContain('200')
    for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g))
      expect(pointer.split('/').reduce<unknown>(into, document), pointer).toBeDefined()
  })

  it('asks for a token exactly where one is needed', async () => {
    for (const route of ROUTES) {
      const [method = '', path = ''] = route.split(' ')
      const security = document.paths[path]?.[method.toLowerCase()]?.security ?? []
      const tokens = (security as object[]).flatMap(way => Object.keys(way))
      expect({ route, tokens }).toEqual({ route, tokens: tokensFor(path) })
    }
  })
})

function tokensFor(path: string): string[] {
  if (/registerClient|sendMessageToAgent|session|dead-letters|interactions|transcript/.test(path))
    return ['apiToken']
  if (path.includes('/events')) return ['webhookToken']
  return path.includes('sendMessageToClient') ? ['webhookToken', 'apiToken'] : []
}

function into(value: unknown, key: string): unknown {
  return (value as Record<string, unknown> | undefined)?.[key]
}

describe('the page for people', () => {
  it('is there, and what it loads as well', async () => {
    const page = await app.inject('/docs')
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-type']).toMatch(/^text\/html/)
    const assets = [...page.body.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, url]) => url ?? '')
    expect(assets.length).toBeGreaterThan(1)
    for (const asset of assets) {
      const { pathname } = new URL(asset, 'http://mediator/docs')
      expect({ pathname, status: (await app.inject(pathname)).statusCode }).toEqual({ pathname, status: 200 })
    }
  })
})
