// Serves the files of a folder: `node files.mjs FOLDER PORT`. The pages are isolated, because only then a browser's clock is fine enough to
// measure with.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'

const [folder, port] = process.argv.slice(2)
const kinds = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' }
const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

createServer(async (request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname)
  try {
    const body = await readFile(join(folder, path === '/' ? 'index.html' : path))
    response.writeHead(200, { ...isolated, 'content-type': kinds[extname(path)] ?? 'text/html' }).end(body)
  } catch {
    response.writeHead(404).end()
  }
}).listen(Number(port), '127.0.0.1')
