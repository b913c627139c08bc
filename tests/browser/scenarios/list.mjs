// Script time of operations on a list of 1,000 rows, on pages beside each other.
//
// The pages are frames of one document, so that one process, one heap and one moment meet both. They take turns at every sample, and who
// begins changes; what counts is the median of the ratios of neighbouring samples.

// Each with what brings the list into the state before it. A sample is one click on a page that was painted.
const operations = { create: 'clear', prepend: 'create', swap: 'create', clear: 'create' }

// The median times in milliseconds, by operation and page, and that of the ratio to the page `base`.
export async function measure(pages, { origin, frames, base, rounds }) {
  const page = await pages.open('frames', `${origin}/frames.html`)
  await page.evaluate(open, frames)
  for (const name of Object.keys(frames)) {
    await page.frame({ name }).waitForSelector('#create')
    await prove(page, name)
  }
  const samples = {}
  for (const [operation, before] of Object.entries(operations)) {
    samples[operation] = await page.evaluate(sample, { operation, before, names: Object.keys(frames), rounds })
  }
  await pages.close('frames')
  const results = {}
  for (const [operation, times] of Object.entries(samples)) {
    results[operation] = {}
    for (const name of Object.keys(frames)) {
      const ratio = median(times[name].map((time, round) => time / times[base][round]))
      results[operation][name] = { time: median(times[name]), ratio }
    }
  }
  return results
}

// In the page: opens a frame for each page.
async function open(frames) {
  document.body.replaceChildren()
  for (const [name, src] of Object.entries(frames)) {
    const frame = Object.assign(document.createElement('iframe'), { name, src })
    frame.style = 'width: 600px; height: 300px'
    const loaded = new Promise(resolve => frame.addEventListener('load', resolve))
    document.body.append(frame)
    await loaded
  }
}

// In the page: the times of one operation, by frame. The first third warms the engine up.
async function sample({ operation, before, names, rounds }) {
  const frame = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
  const button = (name, id) => window.frames[name].document.getElementById(id)
  const times = Object.fromEntries(names.map(name => [name, []]))
  for (let round = 0; round < rounds * 1.5; round++) {
    for (const name of round % 2 ? names : names.toReversed()) {
      button(name, before).click()
      await frame()
      const target = button(name, operation)
      const start = performance.now()
      target.click()
      // Work that the page puts off to the end of the task is part of the operation.
      await null
      const time = performance.now() - start
      await frame()
      if (round >= rounds / 2) times[name].push(time)
    }
  }
  return times
}

// The pages must do the same before their times mean anything.
async function prove(page, name) {
  const found = []
  for (const action of ['create', 'swap', 'prepend', 'clear']) {
    found.push(await page.evaluate(([name, action]) => {
      const { document } = window.frames[name]
      document.getElementById(action).click()
      const rows = [...document.querySelectorAll('tbody tr')]
      return [rows.length, ...[0, 1, rows.length - 2].map(index => rows[index]?.textContent ?? '')].join(' | ')
    }, [name, action]))
  }
  const wanted = [
    '1000 | 1row number 1 | 2row number 2 | 999row number 999',
    '1000 | 1row number 1 | 999row number 999 | 2row number 2',
    '1001 | 1001row number 1001 | 1row number 1 | 2row number 2',
    '0 |  |  | ',
  ]
  if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${name} does something else: ${found.join('\n')}`)
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
