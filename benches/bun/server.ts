// The same service with Bun: `Bun.serve` with its own router, `bun:sqlite` with a prepared statement.
import { Database } from "bun:sqlite";

const database = new Database("bench.db");
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
database.exec("CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL, stock INTEGER NOT NULL)");
const all = database.query("SELECT id, name, price, stock FROM items");
const insert = database.query("INSERT INTO items (name, price, stock) VALUES (?1, ?2, ?3)");

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.env.PORT ?? 3000),
  routes: {
    "/hello": () => new Response("Hello, world!"),
    "/orders/:id": (request) => {
      const id = Number(request.params.id);
      return Response.json({ id, customer: `Customer ${id}`, total: id * 1.25, paid: id % 2 === 0, tags: ["new", "gift", "rush"] });
    },
    "/items": {
      GET: () => Response.json(all.all()),
      POST: async (request) => {
        const { name, price, stock } = await request.json();
        insert.run(name, price, stock);
        return new Response(null, { status: 201 });
      },
    },
  },
});
