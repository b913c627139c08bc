// One Chromium for a test run. Reads questions, one JSON object a line: {"run": "file.function", "arguments": {…}}; answers
// {"value": …} or {"error": "…"} in the same order. Ends with its standard input.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { Pages } from './pages.mjs'

const require = createRequire(`${process.env.TOVA_TOOLS}/`)
const { chromium } = require('playwright-core')

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  // Chromium's own sandbox does not start for root, as which tests run in a container.
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
})
const pages = new Pages(browser)

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line)
  if (question.run === 'exit') break
  process.stdout.write(`${JSON.stringify(await answer(question))}\n`)
}
await browser.close()
process.exit(0)

async function answer({ run, arguments: args }) {
  const [file, name] = run.split('.')
  try {
    const scenarios = await import(`./scenarios/${file}.mjs`)
    if (!scenarios[name]) throw new Error(`no scenario ${run}`)
    return { value: (await scenarios[name](pages, args)) ?? null }
  } catch (error) {
    return { error: `${error.message}\n${pages.report()}` }
  }
}
