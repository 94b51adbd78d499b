/** A one-page PDF file with these lines. Characters outside Latin-1 become question marks. */
export function toPdf(lines: string[]): Buffer {
  const written = lines.map(line => `(${escapeText(line)}) Tj T*`).join('\n')
  const page = `BT /F1 12 Tf 14 TL 50 780 Td\n${written}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  return Buffer.from(assemble(objects), 'latin1')
}

function escapeText(line: string): string {
  return line.replaceAll(/[^\x20-\xff]/gu, '?').replaceAll(/[\\()]/g, '\\$&')
}

function assemble(objects: string[]): string {
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, at) => {
    const offset = file.length
    file += `${at + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return file + table + trailer
}
