import { expect, test } from 'vitest'
import { toUnicode } from '../../../src/desks/rocketchat/emoji.ts'

test.each([
  ['hola :smile: y :tada:', 'hola 😄 y 🎉'],
  [':+1:', '👍'],
  [':thumbsup: :thumbup:', '👍 👍'],
  [':thumbsup_tone2:', '👍🏼'],
  [':heart:', '❤️'],
  [':one:', '1️⃣'],
  [':flag_gt:', '🇬🇹'],
  [':smile::smile:', '😄😄'],
  [':100:', '💯'],
  ['at 12:100:30', 'at 12:100:30'],
  ['at 10:30:smile:', 'at 10:30😄'],
  [':our_own_logo:', ':our_own_logo:'],
  [':constructor:', ':constructor:'],
  ['`:smile:` :smile:', '`:smile:` 😄'],
  ['```\n:smile:\n``` :smile:', '```\n:smile:\n``` 😄'],
  ['https://a.example.org:smile:c :smile:', 'https://a.example.org:smile:c 😄'],
  ['no colon', 'no colon'],
])('%j becomes %j', (text, unicode) => {
  expect(toUnicode(text)).toBe(unicode)
})
