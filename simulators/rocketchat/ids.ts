import { randomBytes, randomInt } from 'node:crypto'

const letters = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz'

/** 17 letters and digits: the id of a room, message, upload or user. */
export function newId(): string {
  let id = ''
  for (let length = 0; length < 17; length++) id += letters[randomInt(letters.length)]
  return id
}

/** 24 hexadecimal digits: the id of a visitor or department. */
export function newObjectId(): string {
  return randomBytes(12).toString('hex')
}
