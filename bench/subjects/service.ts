import '../../src/main.ts'

/** The real service; says when it answers, since at this log level it says nothing itself. */
const url = `http://127.0.0.1:${process.env.PORT}/health/ready`
while (!(await isReady())) await new Promise(resolve => setTimeout(resolve, 20))
process.stdout.write('ready\n')

async function isReady(): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
