// Script time of operations on a list of 1,000 rows, on several pages in turns.

// Each with what brings the list into the state before it.
const operations = {
  create: ['clear', 'create'],
  prepend: ['create', 'prepend'],
  swap: ['create', 'swap'],
  clear: ['create', 'clear'],
}

export async function measure(pages, { pages: urls, rounds }) {
  const names = Object.keys(urls)
  const times = {}
  for (const name of names) {
    await pages.open(name, urls[name])
    await pages.get(name).waitForSelector('#create')
    times[name] = Object.fromEntries(Object.keys(operations).map(operation => [operation, []]))
    await prove(pages.get(name), name)
  }
  // The first third warms the engine up.
  for (let round = 0; round < rounds * 1.5; round++) {
    for (const [operation, [before, action]] of Object.entries(operations)) {
      for (const name of names) {
        const time = await once(pages.get(name), before, action)
        if (round >= rounds / 2) times[name][operation].push(time)
      }
    }
  }
  for (const name of names) {
    await pages.close(name)
    for (const operation in operations) times[name][operation] = median(times[name][operation])
  }
  return times
}

// The pages must do the same before their times mean anything.
async function prove(page, name) {
  const state = () => page.evaluate(() => {
    const rows = [...document.querySelectorAll('tbody tr')]
    return [rows.length, ...[0, 1, rows.length - 2].map(index => rows[index]?.textContent ?? '')].join(' | ')
  })
  const found = []
  for (const action of ['create', 'swap', 'prepend', 'clear']) {
    await page.click(`#${action}`)
    found.push(await state())
  }
  const wanted = [
    '1000 | 1row number 1 | 2row number 2 | 999row number 999',
    '1000 | 1row number 1 | 999row number 999 | 2row number 2',
    '1001 | 1001row number 1001 | 1row number 1 | 2row number 2',
    '0 |  |  | ',
  ]
  if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${name} does something else: ${found.join('\n')}`)
}

function once(page, before, action) {
  return page.evaluate(async ([before, action]) => {
    const frame = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
    document.getElementById(before).click()
    await frame()
    const button = document.getElementById(action)
    const start = performance.now()
    button.click()
    // Work that the page puts off to the end of the task is part of the operation.
    await null
    const time = performance.now() - start
    await frame()
    return time
  }, [before, action])
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
