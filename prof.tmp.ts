import { readdirSync, readFileSync } from 'node:fs'
const dir = process.argv[2]!
const file = readdirSync(dir).filter(f => f.endsWith('.cpuprofile')).map(f => dir + '/' + f).sort((a, b) => readFileSync(b).length - readFileSync(a).length)[0]!
const p = JSON.parse(readFileSync(file, 'utf8'))
const self = new Map<number, number>(); const byId = new Map(p.nodes.map((n: any) => [n.id, n]))
p.samples.forEach((id: number, i: number) => self.set(id, (self.get(id) ?? 0) + p.timeDeltas[i]))
const parent = new Map<number, number>(); for (const n of p.nodes) for (const c of n.children ?? []) parent.set(c, n.id)
const fn = new Map<string, number>(), mod = new Map<string, number>(), incl = new Map<string, number>(); let total = 0
const nameOf = (n: any) => `${n.callFrame.functionName || '(anon)'} ${n.callFrame.url.replace(/.*node_modules\//, '').replace(/.*\/main\//, '')}:${n.callFrame.lineNumber + 1}`
for (const [id, us] of self) { const n: any = byId.get(id); if (/idle|program/.test(n.callFrame.functionName)) continue; total += us; const k = nameOf(n); fn.set(k, (fn.get(k) ?? 0) + us)
  const u = n.callFrame.url; const m = u.includes('node_modules/') ? u.replace(/.*node_modules\//, '').split('/').slice(0, u.includes('/@') ? 2 : 1).join('/') : u.includes('/main/') ? u.replace(/.*\/main\//, '') : u.startsWith('node:') ? u : '(native/gc) ' + n.callFrame.functionName; mod.set(m, (mod.get(m) ?? 0) + us)
  const seen = new Set<string>(); let cur: number | undefined = id; while (cur) { const k2 = nameOf(byId.get(cur)); if (!seen.has(k2)) { seen.add(k2); incl.set(k2, (incl.get(k2) ?? 0) + us) } cur = parent.get(cur) } }
const show = (m: Map<string, number>, n: number) => [...m].sort((a, b) => b[1] - a[1]).slice(0, n).forEach(([k, v]) => console.log((100 * v / total).toFixed(1).padStart(5) + '%', k))
console.log('total ms', total / 1000); console.log('-- by module'); show(mod, 40); console.log('-- self'); show(fn, 45); console.log('-- inclusive (ours)'); show(new Map([...incl].filter(([k]) => /src\//.test(k))), 45)
