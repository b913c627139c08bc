// The open pages by name, with what went wrong on each, and waiting.

export class Pages {
  #browser
  #open = new Map()

  constructor(browser) {
    this.#browser = browser
  }

  // Opens a page with storage of its own under a name; a page that had the name is closed.
  async open(name, url) {
    await this.close(name)
    const context = await this.#browser.newContext()
    const page = await context.newPage()
    const problems = []
    page.on('pageerror', error => problems.push(`uncaught: ${error.message}`))
    page.on('console', message => {
      if (message.type() === 'error') problems.push(`console: ${message.text()} ${message.location().url}`)
    })
    page.setDefaultTimeout(10_000)
    this.#open.set(name, { context, page, problems })
    await page.goto(url)
    return page
  }

  get(name) {
    const found = this.#open.get(name)
    if (!found) throw new Error(`no open page ${name}`)
    return found.page
  }

  // What scripts on the page threw or logged as errors.
  problems(name) {
    return this.#open.get(name)?.problems ?? []
  }

  async close(name) {
    await this.#open.get(name)?.context.close()
    this.#open.delete(name)
  }

  // For a failed scenario: what every open page had to complain about.
  report() {
    const lines = []
    for (const [name, { page, problems }] of this.#open) {
      lines.push(`page ${name} at ${page.url()}`, ...problems.map(problem => `  ${problem}`))
    }
    return lines.join('\n')
  }
}

// Asks until the answer equals `wanted`; says what the last one was when it never does.
export async function eventually(what, wanted, ask, limit = 10_000) {
  const goal = JSON.stringify(wanted)
  const end = Date.now() + limit
  let last
  do {
    last = JSON.stringify(await ask())
    if (last === goal) return
    await new Promise(resolve => setTimeout(resolve, 10))
  } while (Date.now() < end)
  throw new Error(`${what}: expected ${goal}, found ${last}`)
}

// The texts of all elements that a selector finds.
export function texts(page, selector) {
  return page.locator(selector).allTextContents()
}
