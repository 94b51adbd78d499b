import shortcodes from 'emojibase-data/en/shortcodes/joypixels.json' with { type: 'json' }

/** Code points in hex joined by `-` → name or names. Rocket.Chat's emoji are JoyPixels', skin tones (`_tone1`) included. */
const NAMES: Record<string, string | string[]> = shortcodes

const EMOJI: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([hexcode, names]) =>
    [names].flat().map(name => [name, toEmoji(hexcode)] as const),
  ),
)

function toEmoji(hexcode: string): string {
  const emoji = String.fromCodePoint(...hexcode.split('-').map(hex => Number.parseInt(hex, 16)))
  // A lone sign that is text by default (❤) asks for its picture; sequences carry what they need.
  const asksForPicture = !hexcode.includes('-') && !/\p{Emoji_Presentation}/u.test(emoji)
  return asksForPicture ? `${emoji}\uFE0F` : emoji
}

/** Code and addresses, which stay as they are; else a shortcode. A mere number is one only away from other digits: not in `12:100:30`. */
const SHORTCODE = /```[\s\S]*?```|`[^`\n]*`|https?:\/\/\S+|(?<!\d):(\d+):(?!\d)|:(?!\d+:)([a-z0-9_+-]+):/g

/** `:smile:` becomes 😄. Names that are unknown, a workspace's own among them, stay. */
export function toUnicode(text: string): string {
  return text.replace(
    SHORTCODE,
    (found, number?: string, name?: string) => EMOJI.get(number ?? name ?? '') ?? found,
  )
}
