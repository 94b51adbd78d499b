import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import { shorten, widthOf, wrap } from './text-width.ts'

type Side = 'client' | 'agent'
type Style = Parameters<typeof styleText>[0]

/** Something a person, or the bot, says. `label` stands behind the name. */
type Words = { side: Side; name: string; label?: string; text: string; style?: Style }

/**
 * Prints the conversation line by line: the client's words on the left, the agent's on the right, and under them, dimmed,
 * what the mediator did. Colours only on a terminal, and not where NO_COLOR is set.
 */
export type Screen = {
  title(left: string, right: string): void
  words(words: Words): void
  /** A dimmed line. A further one under the same label goes on where the last one ended, while nothing came between. */
  note(label: string, text: string, style?: Style): void
  /** Something that happens to everybody, across both columns. */
  event(text: string): void
  plain(text: string): void
}

const COLOURS: Record<Side, Style> = { client: 'cyan', agent: 'green' }
const GAP = 4
const NARROWEST = 60
const WIDEST = 132
const NOTE_INDENT = 8

export function createScreen(out: WriteStream | NodeJS.WriteStream): Screen {
  let started = performance.now()
  let open: { label: string; cells: number } | undefined
  const paint = (style: Style, text: string) => styleText(style, text, { stream: out })
  const total = () => Math.min(Math.max(out.columns ?? 80, NARROWEST), WIDEST) - 1
  const column = () => Math.floor((total() - GAP) / 2)
  const right = () => ' '.repeat(total() - column())
  const write = (text: string) => {
    out.write(open ? `\n${text}` : text)
    open = undefined
  }
  return {
    title(left, onRight) {
      started = performance.now()
      const rule = '─'.repeat(column())
      const gap = right().slice(widthOf(left))
      const [first = '', ...more] = wrap(onRight, column()).map(line => paint(['bold', 'green'], line))
      write(`${paint(['bold', 'cyan'], left)}${gap}${first}\n`)
      for (const line of more) write(`${right()}${line}\n`)
      write(paint('dim', `${rule}${right().slice(column())}${rule}\n`))
    },
    words({ side, name, label = '', text, style = COLOURS[side] }) {
      const indent = side === 'agent' ? right() : ''
      const lines = wrap(text, column()).map(line => `${indent}${line}`)
      const head = paint(['bold', ...[style].flat()], name) + paint('dim', label && `  ${label}`)
      write(`\n${indent}${head}\n${lines.join('\n')}\n`)
    },
    note(label, text, style = 'dim') {
      const more = ` → ${text}`
      if (open?.label === label && open.cells + widthOf(more) <= total()) {
        open.cells += widthOf(more)
        return void out.write(paint(style, more))
      }
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5)
      const line = shorten(`${label} ${text}`.trim(), total() - NOTE_INDENT)
      write(paint('dim', ` ${seconds}s `) + paint(style, line))
      open = { label, cells: NOTE_INDENT + widthOf(line) }
    },
    event(text) {
      const lines = wrap(text, total() - 4).map(line => paint('yellow', `  ▌ ${line}`))
      write(`\n${lines.join('\n')}\n`)
    },
    plain: text => write(`${text}\n`),
  }
}
