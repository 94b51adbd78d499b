const CALLS_US = 'it calls us; there is no link'
const NO_CLOSING = 'only its agents can end a conversation'
const NEVER_TOLD = 'its events never tell of it'
const NO_KEY = 'nothing it takes would let it know a repeated opening: there may be a second one'
const NO_ASKING = 'nothing it offers tells how a conversation stands'
const ASKED_ALWAYS = 'its chats are read without pause: no event can get lost on the way'
const NO_HTTP = 'messages go through its socket, not over HTTP'

/** Desk type → case → why it cannot be tried there. Each reason is a fact about the desk, not about us. */
export const exceptions: Record<string, Record<string, string>> = {
  rocketchat: { whisper: NEVER_TOLD, 'link-cut': CALLS_US, 'link-taken-over': CALLS_US },
  yellow: {
    'open-answer-lost': NO_KEY,
    'close-by-bot': NO_CLOSING,
    echo: NEVER_TOLD,
    whisper: NEVER_TOLD,
    repeat: 'its events have no ids: two equal ones are two',
    'end-untold': NO_ASKING,
    'words-untold': NO_ASKING,
    'link-cut': CALLS_US,
    'link-taken-over': CALLS_US,
  },
  aivo: {
    'end-untold': NO_ASKING,
    'words-untold': NO_ASKING,
    'open-answer-lost': NO_KEY,
    'close-by-bot': NO_CLOSING,
    echo: NEVER_TOLD,
    whisper: NEVER_TOLD,
    'open-no-agent': 'it queues every conversation, whoever is there',
    'link-cut': CALLS_US,
    'link-taken-over': CALLS_US,
  },
  genesys: {
    'end-untold': ASKED_ALWAYS,
    'words-untold': ASKED_ALWAYS,
    'open-answer-lost': NO_KEY,
    'file-to-client': 'its customer chat carries no files',
    repeat: 'its messages are read by number, each once',
    'open-no-agent': 'it queues every conversation, whoever is there',
  },
  'chat-server': {
    'send-server-error': NO_HTTP,
    'send-bad-gateway': NO_HTTP,
    'send-too-many-requests': NO_HTTP,
    'send-reset-before': NO_HTTP,
    'send-answer-lost': NO_HTTP,
    'words-untold': 'its history comes when a conversation is joined, and cannot be asked for',
    'open-no-agent': 'it says so later, in the conversation, which goes on',
    gone: 'it confirms nothing that is sent: a lost conversation shows at the next connection',
  },
}
