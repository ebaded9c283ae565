// What adapters/clients/typescript does against a server at the first address; the second one is a line to it that
// loses answers. Prints `half` when half of the changes over that line are done: then the server is killed.
import { Refused, Tote, Unknown } from "../../../adapters/clients/typescript/tote.js";

declare const process: { argv: string[]; exit(code: number): never };

const [url, lossy, nobody] = process.argv.slice(2);
const tote = new Tote(url);

function equal(seen: unknown, wanted: unknown, what: string): void {
  const [one, other] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`);
}

async function refusal(of: Promise<unknown>): Promise<Refused> {
  try {
    await of;
  } catch (no) {
    if (no instanceof Refused) return no;
    throw no;
  }
  throw new Error("it wasn't refused");
}

async function thrown(of: () => unknown): Promise<unknown> {
  try {
    await of();
  } catch (error) {
    return error;
  }
  return undefined;
}

async function open(...ids: string[]): Promise<void> {
  for (const id of ids) equal((await tote.put("/v1/wallets/{id}", { id }, { currency: "EUR" })).status, 201, id);
}

const tests: Record<string, () => Promise<void>> = {
  "a change is answered, and its repeat is the same": async () => {
    await open("alice");
    const credit = () => tote.post("/v1/wallets/{id}/credits", { id: "alice" }, { amount: 1_000 }, { key: "topup-1" });
    const [first, again] = [await credit(), await credit()];
    equal([first.body, first.lsn], [again.body, again.lsn], "the repeat");
    equal([first.isReplayed, again.isReplayed], [false, true], "replayed");
    equal((await tote.get("/v1/wallets/{id}", { id: "alice" }, undefined, first.lsn)).body.balance, 1_000, "balance");
    equal((await tote.outcome("topup-1"))?.body, first.body, "outcome");
    equal(await tote.outcome("never"), null, "no outcome");
  },
  "a refusal has the code and the facts": async () => {
    await open("poor");
    const no = await refusal(tote.post("/v1/wallets/{id}/debits", { id: "poor" }, { amount: 5 }, { key: 'a"key"with\\' }));
    equal([no.status, no.code, no.problem.available], [402, "insufficient_funds", 0], "refusal");
    const late = await refusal(tote.post("/v1/wallets/{id}/credits", { id: "poor" }, { amount: 1 }, { ifVersion: 7 }));
    equal([late.code, late.problem.current_version], ["version_mismatch", 1], "version");
  },
  "transfers, transactions, items, orders, matches and lists have types": async () => {
    await open("a:b", "shop");
    await tote.post("/v1/wallets/{id}/credits", { id: "a:b" }, { amount: 100 });
    await tote.post("/v1/transfers", {}, { from: "a:b", to: "shop", amount: 10 });
    await tote.post("/v1/transactions", {}, { commands: [{ wallet: "a:b", debit: 5 }, { wallet: "shop", credit: 5 }] });
    await tote.put("/v1/items/{id}", { id: "ball" }, { quantity: 3 });
    const order = await tote.post("/v1/orders", {}, {
      order: "o1", lines: [{ item: "ball", quantity: 2 }], pay: { wallet: "a:b", amount: 20 },
    });
    equal(order.status, 201, "order");
    await tote.put("/v1/matches/{id}", { id: "thu" }, { seats: 2, price: { amount: 5, currency: "EUR" } });
    const booking = await tote.post("/v1/matches/{id}/bookings", { id: "thu" }, { player: "p1", pay: { wallet: "a:b" } });
    equal(booking.status, 201, "booking");
    equal((await tote.get("/v1/items/{id}", { id: "ball" })).body.on_hand, 1, "on hand");
    equal((await tote.get("/v1/wallets/{id}", { id: "a:b" })).body.balance, 60, "balance");
    const page = await tote.get("/v1/wallets", {}, { prefix: "a:", limit: 10 });
    equal(page.body.wallets.map((wallet) => wallet.id), ["a:b"], "list");
  },
  "a batch is answered line by line, the log is read whole, and followed": async () => {
    await open("many");
    const lines = Array.from({ length: 1_500 }, () => ({ post: "/v1/wallets/many/credits", body: { amount: 1 } }));
    const answers = await tote.batch([...lines, { post: "/v1/wallets/many/debits", body: { amount: 2_000 } }]);
    equal([answers.length, answers[0].status, answers[1_500].status], [1_501, 200, 402], "batch");
    const lsns: number[] = [];
    for await (const record of tote.log()) lsns.push(record.lsn);
    equal(lsns.every((lsn, i) => lsn === i + 1) && lsns.length > 1_500, true, "log");
    const last = lsns[lsns.length - 1];
    const stop = new AbortController();
    for await (const record of tote.follow(last - 2, stop.signal)) {
      equal([last - 1, last].includes(record.lsn), true, "followed");
      if (record.lsn === last) stop.abort();
    }
  },
  "what JavaScript can't hold exactly is an error, and nothing is sent": async () => {
    const beyond = () => tote.post("/v1/wallets/{id}/credits", { id: "alice" }, { amount: 2 ** 53 });
    equal((await thrown(beyond)) instanceof RangeError, true, "range");
    equal((await thrown(() => new Tote("ftp://127.0.0.1"))) instanceof TypeError, true, "address");
  },
  "when nobody answers the key is told": async () => {
    const impatient = new Tote(nobody, { patienceMs: 200 });
    const why = await thrown(() =>
      impatient.post("/v1/wallets/{id}/credits", { id: "alice" }, { amount: 1 }, { key: "topup-2" }));
    equal(why instanceof Unknown && why.key, "topup-2", "key");
  },
  "each change takes effect once while answers are lost and the server is killed": async () => {
    await open("steady");
    const client = new Tote(lossy, { patienceMs: 60_000 });
    const [workers, changes] = [4, 60];
    let done = 0;
    const work = async (worker: number): Promise<void> => {
      for (let i = 0; i < changes; ++i) {
        const key = `credit-${worker}-${i}`;
        await client.post("/v1/wallets/{id}/credits", { id: "steady" }, { amount: 1 }, { key });
        if (++done === (workers * changes) / 2) console.log("half");
      }
    };
    await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
    equal((await tote.get("/v1/wallets/{id}", { id: "steady" })).body.balance, workers * changes, "balance");
  },
};

for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok: ${name}`);
  } catch (error) {
    console.log(`FAILED: ${name}: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(1);
  }
}
console.log(`${Object.keys(tests).length} passed`);
process.exit(0);
