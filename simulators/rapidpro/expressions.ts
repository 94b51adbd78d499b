import { type Context, evaluate, render, resolve } from './evaluator.ts'

const topLevels = ['contact', 'fields', 'globals', 'urns']
const nameCharacter = /[\p{L}\p{N}._]/u

/**
 * Evaluates a text as mailroom does for a broadcast: `@contact.name`, `@fields.x`, `@globals.x`, `@urns.tel`
 * and `@(…)` are replaced, `@@` becomes `@`, any other `@word` stays (an e-mail address survives).
 * An expression that fails leaves nothing behind. After nyaruka/goflow `excellent/scanner.go`.
 */
export function evaluateTemplate(template: string, context: Context): string {
  const characters = [...template]
  let output = ''
  let at = 0
  while (at < characters.length) {
    const piece = characters[at] === '@' ? scan(characters, at, context) : plain(characters, at)
    output += piece.text
    at = piece.next
  }
  return output
}

type Piece = { text: string; next: number }

function plain(characters: string[], at: number): Piece {
  return { text: characters[at] ?? '', next: at + 1 }
}

function scan(characters: string[], at: number, context: Context): Piece {
  const peek = characters[at + 1]
  if (peek === undefined) return plain(characters, at)
  if (peek === '@') return { text: '@', next: at + 2 }
  if (peek === '(') return scanExpression(characters, at, context)
  if (nameCharacter.test(peek)) return scanIdentifier(characters, at, context)
  return plain(characters, at)
}

function scanExpression(characters: string[], at: number, context: Context): Piece {
  let depth = 0
  for (let end = at + 1; end < characters.length; end += 1) {
    if (characters[end] === '(') depth += 1
    if (characters[end] === ')') depth -= 1
    if (depth === 0) {
      return { text: evaluate(characters.slice(at + 2, end).join(''), context), next: end + 1 }
    }
  }
  return { text: characters.slice(at).join(''), next: characters.length }
}

function scanIdentifier(characters: string[], at: number, context: Context): Piece {
  let end = at + 1
  while (end < characters.length && nameCharacter.test(characters[end] ?? '')) end += 1
  if (characters[end - 1] === '.' && end - at > 2) end -= 1
  const identifier = characters.slice(at + 1, end).join('')
  const topLevel = identifier.split('.', 1)[0]?.toLowerCase() ?? ''
  if (!topLevels.includes(topLevel)) return { text: `@${identifier}`, next: end }
  return { text: render(resolve(identifier.split('.'), context)), next: end }
}
