load(new URL("client.wasm", import.meta.url)).then(start).catch(refused);
