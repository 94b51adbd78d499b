import type { FastifyInstance } from 'fastify'
import type { Core } from '../core.ts'
import { toPdf } from '../pdf.ts'
import { whatWasSaid } from '../said.ts'

type OfTranscript = { Params: { id: string; type: string } }
const failures = { error: 500, unavailable: 503 }

/** `GET /api/customer/transcript/:id/:type`: 404 while the conversation is open; `email` mails it and answers nothing. */
export function addTranscriptRoute(app: FastifyInstance, { state, settings }: Core): void {
  app.get<OfTranscript>('/api/customer/transcript/:id/:type', ({ params }, reply) => {
    const failure = settings.transcriptAnswers.shift()
    if (failure) return reply.code(failures[failure]).send()
    const conversation = state.conversations.get(params.id)
    if (!conversation || conversation.isOpen) return reply.code(404).send()
    if (params.type === 'email') return reply.code(200).send()
    if (params.type !== 'pdf') return reply.code(404).send()
    const said = whatWasSaid(conversation).filter(({ isWhisper }) => !isWhisper)
    return reply.type('application/pdf').send(toPdf(said.map(({ name, text }) => `${name}: ${text}`)))
  })
}
