// A client of Tote's HTTP API for TypeScript and JavaScript: this file and openapi.ts, the types of every route, which
// are made of the server's own description. It needs nothing but `fetch`: Node 18 or later, Deno, Bun, browsers.
//
//     import { Refused, Tote } from "./tote.js";
//
//     const shop = new Tote("http://127.0.0.1:8080", { token: "tote_…" });
//     await shop.put("/v1/wallets/{id}", { id: "alice" }, { currency: "EUR" });
//     await shop.post("/v1/wallets/{id}/credits", { id: "alice" }, { amount: 1000 }, { key: "topup-1" }); // 10.00 EUR
//     try {
//       await shop.post("/v1/wallets/{id}/debits", { id: "alice" }, { amount: 5000 }, { key: "order-17" });
//     } catch (no) {
//       if (!(no instanceof Refused)) throw no;
//       console.log(no.code, no.problem.available); // insufficient_funds 1000
//     }
//
// Every change goes out under an idempotency key (1 to 255 visible ASCII characters): yours, which should name what it
// is for, or one that is drawn. So it is asked again when no answer comes, or the server says "later", for patienceMs
// at most, and is executed once. If even that doesn't tell, Unknown is thrown with the key: outcome(key) knows later.
//
// Money is in minor units, as integers. One that JavaScript can't hold exactly (beyond 2^53) is an error, never rounded.
import type { paths } from "./openapi.js";

export interface Options {
  token?: string;
  timeoutMs?: number; // of one try
  patienceMs?: number; // of all of them
}

export interface Answer<Body> {
  status: number;
  body: Body;
  lsn: number; // of the record that this is in, or that the state was read at; 0: none
  isReplayed: boolean; // the answer of an earlier request with the same key
}

export interface How {
  key?: string;
  ifVersion?: number; // refused unless the entity has this version
  deadlineMs?: number; // refused, and never executed, once it has waited so long
}

export interface Problem {
  code: string;
  detail?: string;
  outcome?: string;
  retry_after_s?: number;
  [fact: string]: unknown;
}

/** The server said no, and why: nothing was executed. */
export class Refused extends Error {
  readonly code: string;
  constructor(readonly status: number, readonly problem: Problem) {
    super(`${status} ${problem.code}: ${problem.detail ?? ""}`);
    this.code = problem.code;
  }
}

/** No answer came in time. The change may have been executed: ask again under the same key, or outcome(key). */
export class Unknown extends Error {
  constructor(readonly key: string, readonly why: unknown) {
    super(`no answer to the request with the key ${key}: ${String(why)}`);
  }
}

// -- what openapi.ts says of a route

type Method = "get" | "put" | "post" | "patch" | "delete";
type Operation<P extends keyof paths, M extends Method> = paths[P] extends { [K in M]: infer O } ? O : never;
type Routes<M extends Method> = {
  [P in keyof paths]: [Operation<P, M>] extends [never] ? never : P;
}[keyof paths];
type Ids<O> = O extends { parameters: { path: infer Path } } ? Path : Record<string, never>;
type Query<O> = O extends { parameters: { query?: infer Asked } } ? Asked : undefined;
type Json<O> = O extends { content: { "application/json": infer Body } } ? Body : never;
type Sent<O> = O extends { requestBody?: infer Body } ? Json<NonNullable<Body>> : never;
type Answered<O> = O extends { responses: infer R } ? { [S in keyof R]: S extends 200 | 201 | 202 ? Json<R[S]> : never }[keyof R] : never;

export type Line = { body?: unknown; key?: string } & ({ post: string } | { put: string } | { delete: string } | Record<string, unknown>);
export interface LogRecord {
  lsn: number;
  [member: string]: unknown;
}

const laters = new Set(["overloaded", "log_full", "draining", "not_enough_replicas", "quota_exceeded", "recovering"]);
const firstWaitMs = 50;
const longestWaitMs = 2_000;

export class Tote {
  private readonly url: string;
  private readonly token: string;
  private readonly timeoutMs: number;
  private readonly patienceMs: number;

  constructor(url = "http://127.0.0.1:8080", options: Options = {}) {
    const at = new URL(url);
    if (!["http:", "https:"].includes(at.protocol) || at.hostname === "")
      throw new TypeError(`${url} isn't http://HOST:PORT or https://HOST:PORT`);
    this.url = at.origin;
    this.token = options.token ?? "";
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.patienceMs = options.patienceMs ?? 30_000;
  }

  /** `minLsn`: an earlier answer's lsn, which the state must have reached. */
  get<P extends Routes<"get">>(
    route: P, ids: Ids<Operation<P, "get">>, query?: Query<Operation<P, "get">>, minLsn = 0,
  ): Promise<Answer<Answered<Operation<P, "get">>>> {
    const headers: Record<string, string> = minLsn > 0 ? { "Tote-Min-Lsn": String(minLsn) } : {};
    return this.untilAnswered("GET", pathOf(route, ids) + queryOf(query), undefined, "", headers);
  }
  put<P extends Routes<"put">>(route: P, ids: Ids<Operation<P, "put">>, body: Sent<Operation<P, "put">>, how: How = {}) {
    return this.change<Answered<Operation<P, "put">>>("PUT", pathOf(route, ids), body, how);
  }
  post<P extends Routes<"post">>(
    route: P, ids: Ids<Operation<P, "post">>, body: Sent<Operation<P, "post">>, how: How = {},
  ) {
    return this.change<Answered<Operation<P, "post">>>("POST", pathOf(route, ids), body, how);
  }
  patch<P extends Routes<"patch">>(
    route: P, ids: Ids<Operation<P, "patch">>, body: Sent<Operation<P, "patch">>, how: How = {},
  ) {
    return this.change<Answered<Operation<P, "patch">>>("PATCH", pathOf(route, ids), body, how);
  }
  delete<P extends Routes<"delete">>(route: P, ids: Ids<Operation<P, "delete">>, how: How = {}) {
    return this.change<Answered<Operation<P, "delete">>>("DELETE", pathOf(route, ids), undefined, how);
  }

  /** Lines such as {post: "/v1/transfers", body: {…}, key: "…"}, each decided by itself; their answers, in order. */
  async batch(lines: readonly Line[], key = drawnKey()): Promise<{ status: number; [member: string]: unknown }[]> {
    const text = lines.map((line) => textOf(line) + "\n").join("");
    const headers = { "Content-Type": "application/x-ndjson" };
    return (await this.untilAnswered<{ status: number }[]>("POST", "/v1/batch", text, key, headers)).body;
  }

  /** The answer that is kept under a key; null: there is none, so nothing was executed lately. */
  async outcome(key: string): Promise<Answer<unknown> | null> {
    try {
      const kept = await this.untilAnswered<{ status: number; body: unknown }>(
        "GET", `/v1/outcomes/${encodeURIComponent(key)}`, undefined, "", {});
      return { status: kept.body.status, body: kept.body.body, lsn: kept.lsn, isReplayed: true };
    } catch (no) {
      if (no instanceof Refused && no.code === "outcome_unknown") return null;
      throw no;
    }
  }

  /** Durable records behind an LSN, as far as there are any now. Refused with `trimmed` when records are gone. */
  async *log(after = 0): AsyncGenerator<LogRecord> {
    for (;;) {
      const page = await this.untilAnswered<LogRecord[]>("GET", `/v1/log?after=${after}`, undefined, "", {});
      if (page.body.length === 0) return;
      for (const record of page.body) yield record;
      after = page.body[page.body.length - 1].lsn;
    }
  }

  /** The same for ever, each as soon as it is durable; goes on where it was when the connection breaks. */
  async *follow(after = 0, signal?: AbortSignal): AsyncGenerator<LogRecord> {
    for (let attempt = 0; !signal?.aborted; ++attempt) {
      try {
        const headers = this.headers({ Accept: "text/event-stream", "Last-Event-ID": String(after) });
        const response = await fetch(`${this.url}/v1/log`, { headers, signal });
        if (!response.ok) throw refusalOf(await answerOf(response));
        for await (const record of eventsOf(response)) {
          after = record.lsn;
          attempt = 0;
          yield record;
        }
      } catch (broken) {
        if (broken instanceof RangeError || (broken instanceof Refused && !laters.has(broken.code))) throw broken;
      }
      if (!signal?.aborted) await sleep(waitMs(attempt));
    }
  }

  // -- how

  private change<Body>(method: string, path: string, body: unknown, how: How): Promise<Answer<Body>> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (how.ifVersion !== undefined) headers["If-Match"] = `"v${how.ifVersion}"`;
    if (how.deadlineMs !== undefined) headers["Tote-Deadline-Ms"] = String(how.deadlineMs);
    const text = body === undefined ? "" : textOf(body);
    return this.untilAnswered<Body>(method, path, text, how.key ?? drawnKey(), headers);
  }

  private async untilAnswered<Body>(
    method: string, path: string, body: string | undefined, key: string, headers: Record<string, string>,
  ): Promise<Answer<Body>> {
    const all = this.headers(key === "" ? headers : { ...headers, "Idempotency-Key": JSON.stringify(key) });
    const ends = Date.now() + this.patienceMs;
    for (let attempt = 0; ; ++attempt) {
      let wait = waitMs(attempt);
      let later: Refused | undefined; // certainly not executed
      let lost: unknown; // why nobody knows whether it was
      try {
        const answer = await this.once(path, { method, headers: all, body });
        if (answer.status < 400) return answer as Answer<Body>;
        const no = refusalOf(answer);
        if (key !== "" && no.problem.outcome === "unknown") lost = no;
        else if (!laters.has(no.code)) throw no;
        else later = no;
        wait = Math.max(wait, 1_000 * (no.problem.retry_after_s ?? 0));
      } catch (broken) {
        if (broken instanceof Refused || broken instanceof RangeError) throw broken;
        lost = broken;
      }
      if (Date.now() + wait > ends) throw later ?? (key === "" ? lost : new Unknown(key, lost));
      await sleep(wait);
    }
  }

  private async once(path: string, request: RequestInit): Promise<Answer<unknown>> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.timeoutMs);
    try {
      return await answerOf(await fetch(this.url + path, { ...request, signal: late.signal }));
    } finally {
      clearTimeout(timer);
    }
  }

  private headers(more: Record<string, string>): Record<string, string> {
    return this.token === "" ? more : { Authorization: `Bearer ${this.token}`, ...more };
  }
}

const drawnKey = () => crypto.randomUUID();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const waitMs = (attempt: number) =>
  Math.min(firstWaitMs * 2 ** Math.min(attempt, 10), longestWaitMs) * (0.5 + Math.random() / 2);

function pathOf(route: string, ids: object): string {
  const named = ids as Record<string, string>;
  return route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(named[name]));
}

function queryOf(query: unknown): string {
  const pairs = Object.entries((query ?? {}) as object).filter(([, value]) => value !== undefined);
  return pairs.length === 0 ? "" : "?" + new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]));
}

function exact(_: string, value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(`${value} is beyond the integers that JavaScript keeps exactly`);
  return value;
}
const textOf = (value: unknown) => JSON.stringify(value, exact);

async function answerOf(response: Response): Promise<Answer<unknown>> {
  const text = await response.text();
  const kind = response.headers.get("Content-Type") ?? "";
  let body: unknown = text;
  if (kind.startsWith("application/x-ndjson"))
    body = text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line, exact));
  else if (text !== "" && /^application\/(.*\+)?json/.test(kind)) body = JSON.parse(text, exact);
  return {
    status: response.status,
    body,
    lsn: Number(response.headers.get("Tote-Lsn") ?? 0),
    isReplayed: response.headers.get("Idempotent-Replayed") === "true",
  };
}

function refusalOf(answer: Answer<unknown>): Refused {
  const isProblem = typeof answer.body === "object" && answer.body !== null && "code" in answer.body;
  return new Refused(answer.status, isProblem ? (answer.body as Problem) : { code: "", detail: String(answer.body) });
}

async function* eventsOf(response: Response): AsyncGenerator<LogRecord> {
  const decoder = new TextDecoder();
  let rest = "";
  let data = "";
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data += line.slice(5).trimStart();
      else if (line === "" && data !== "") {
        const record = JSON.parse(data, exact) as LogRecord;
        data = "";
        yield record;
      }
    }
  }
}
