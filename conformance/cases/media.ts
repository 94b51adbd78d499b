import { type Case, converse, expect, isSimulated } from '../case.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export const media: Case[] = [
  {
    name: 'file-to-agent',
    promise: 'a photo to the agent, as a file or its link, behind the words it came with',
    canTry: isSimulated,
    async run(trial) {
      const client = await converse(trial)
      const url = trial.bot.hostFile({ type: 'image/png', data: PNG, name: 'rash.png' })
      await client.says('look', { attachments: [`image/png:${url}`] })
      const shown = () => trial.stage.shown(client.person)
      await trial.until('both are there', () => shown().length >= 2)
      const [words, photo] = shown()
      expect('the words', words?.text, 'look')
      const { file, text } = photo ?? { text: '' }
      const isBytes = file?.data?.equals(PNG) ?? false
      expect('the photo', isBytes || file?.url === url || text.includes(url), true)
    },
  },
  {
    name: 'file-to-client',
    promise: 'a file from the agent, on the client’s phone',
    canTry: ({ agent }) => agent.sendFile !== undefined,
    async run(trial) {
      const client = await converse(trial)
      await trial.stage.agent.sendFile?.(client.person, { name: 'leaflet.png', type: 'image/png', data: PNG })
      await trial.until('it is on the phone', () => client.files().length > 0)
      const [file] = client.files()
      const bytes = Buffer.from(await (await fetch(file?.url ?? '')).arrayBuffer())
      expect('its type', file?.content_type, 'image/png')
      expect('its bytes', bytes.equals(PNG), true)
    },
  },
]
