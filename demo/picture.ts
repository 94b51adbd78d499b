import { crc32, deflateSync } from 'node:zlib'

/** A real PNG file. */
export type Picture = { name: string; type: 'image/png'; data: Buffer }

const COLOURS = { teal: [0, 128, 128], amber: [255, 191, 0] } as const
const SIDE = 64

/** A square of one colour, as small as a file can be that any viewer shows. */
export function picture(name: string, colour: keyof typeof COLOURS): Picture {
  const row = Buffer.from([0, ...Array.from({ length: SIDE }, () => COLOURS[colour]).flat()])
  const pixels = Buffer.concat(Array.from({ length: SIDE }, () => row))
  const data = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header()),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return { name, type: 'image/png', data }
}

/** Width, height, 8 bits of red, green and blue (PNG specification, §11.2.1). */
function header(): Buffer {
  const bytes = Buffer.alloc(13)
  bytes.writeUInt32BE(SIDE, 0)
  bytes.writeUInt32BE(SIDE, 4)
  bytes.set([8, 2], 8)
  return bytes
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
