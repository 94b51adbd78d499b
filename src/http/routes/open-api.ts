import { readFileSync } from 'node:fs'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))

/** The contract, made from the same schemas that validate: `/openapi.json` for programs, `/docs` for people. */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Live Agents Mediator',
        description:
          'Hands a person from a bot to a human agent, carries their messages both ways, and hands them back.',
        version,
      },
      components: {
        securitySchemes: {
          webhookToken: { type: 'apiKey', in: 'header', name: 'X-RocketChat-Livechat-Token' },
          apiToken: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: '`Token <token>` or `Bearer <token>`',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
  app.get('/openapi.json', { schema: { hide: true } as object }, async () => app.swagger())
}
