// The Node client, reading the rounds that rounds.py describes: `node node.mjs MODULES HOME QUERIES`.

import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [modules, home, asked] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(modules)("@duckdb/node-api");
const groups = JSON.parse(readFileSync(asked, "utf8"));
const link = `${home}/warehouse.duckdb`;

async function open(file) {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  return {
    async read() {
      const answers = {};
      for (const [name, query] of Object.entries(groups[rounds % groups.length])) {
        answers[name] = (await connection.runAndReadAll(query)).getRowsJson();
      }
      return answers;
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

let [rounds, opened, present] = [0, 0, null];
const say = (told) => process.stdout.write(JSON.stringify(told) + "\n");
const held = await open(realpathSync(link));
say({ held: await held.read() });

for await (const _ of createInterface({ input: process.stdin })) {
  if (rounds % 4 === 0) {
    present?.close();
    present = await open(link);
    opened = rounds + 1;
  }
  rounds += 1;
  say({ held: await held.read(), present: await present.read(), opened });
}
present.close();
const last = await open(link);
say({ last: await last.read() });
last.close();
held.close();
