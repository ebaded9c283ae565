// The server, asked as anybody asks it: the API with a token in a header. The token is kept for this tab alone, and is
// never part of an address.

const storedAs = 'tote.token';
const tenantStoredAs = 'tote.tenant';

export interface Account {
  tenant: string | null; // null: all of them
  role: Role;
  name: string;
  open: boolean; // the server asks for no token
  server: boolean; // an operator of the whole server, who chooses a tenant, or looks at all
}
export type Role = 'reader' | 'writer' | 'operator' | 'issuer';
const roles: Role[] = ['reader', 'writer', 'operator', 'issuer'];

// Another answer than a success.
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, detail: string) {
    super(detail);
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export let account: Account | null = null;

export const may = (needed: Role): boolean => account !== null && roles.indexOf(account.role) >= roles.indexOf(needed);

// The tenant that an operator of the whole server looks at; empty: all of them.
export const chosenTenant = (): string => sessionStorage.getItem(tenantStoredAs) ?? '';
export const looksAtAll = (): boolean => account?.server === true && chosenTenant() === '';
export function chooseTenant(tenant: string): void {
  if (tenant === '') sessionStorage.removeItem(tenantStoredAs);
  else sessionStorage.setItem(tenantStoredAs, tenant);
}

function headersWith(more: Record<string, string> = {}): Record<string, string> {
  const token = sessionStorage.getItem(storedAs);
  if (token === null) return more;
  const headers = { ...more, Authorization: `Bearer ${token}` };
  return account?.server === true && chosenTenant() !== '' ? { ...headers, 'Tote-Tenant': chosenTenant() } : headers;
}

export async function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const init: RequestInit = { method, headers: headersWith(headers), cache: 'no-store', credentials: 'omit', redirect: 'error' };
  if (body !== undefined) init.body = body;
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Refusal(0, 'unreachable', 'The server doesn\u2019t answer.');
  }
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function refusalOf(answer: Answer): Refusal {
  const problem = parsed(answer.text);
  const detail = problem['detail'] ?? problem['title'] ?? `The server answers ${answer.status}.`;
  return new Refusal(answer.status, String(problem['code'] ?? ''), String(detail));
}

export async function get<T>(path: string): Promise<T> {
  const answer = await ask('GET', path);
  if (answer.status !== 200) throw refusalOf(answer);
  return JSON.parse(answer.text) as T;
}

// What isn't there, or isn't a route of this server, is null.
export async function find<T>(path: string): Promise<T | null> {
  try {
    return await get<T>(path);
  } catch (refused) {
    if (refused instanceof Refusal && (refused.status === 404 || refused.status === 405)) return null;
    throw refused;
  }
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await ask('POST', path, JSON.stringify(body), { 'Idempotency-Key': newKey() });
  if (answer.status >= 300) throw refusalOf(answer);
  return JSON.parse(answer.text) as T;
}

export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Who the kept token is; null: the server asks for one that isn't there, or doesn't know it.
export async function signIn(token?: string): Promise<Account | null> {
  if (token !== undefined) {
    chooseTenant('');
    sessionStorage.setItem(storedAs, token);
  }
  account = null;
  try {
    account = await get<Account>('/v1/token');
  } catch (refused) {
    account = null;
    if (refused instanceof Refusal && refused.status === 401) signOut();
    else throw refused;
  }
  return account;
}

export function signOut(): void {
  sessionStorage.removeItem(storedAs);
  chooseTenant('');
  account = null;
}

export interface LogEvent {
  id: string;
  name: string;
  data: string;
}

// The live log after an LSN, until `signal`; by fetch, because an EventSource can't send a header. Ends when the server
// ends it.
export async function follow(after: number, signal: AbortSignal, take: (event: LogEvent) => void): Promise<void> {
  const response = await fetch(`/v1/log?after=${after}`, { headers: headersWith({ Accept: 'text/event-stream' }), signal, cache: 'no-store' });
  if (!response.ok || response.body === null) throw refusalOf({ status: response.status, headers: response.headers, text: await response.text() });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== null) take(event);
    }
  }
}

function eventOf(block: string): LogEvent | null {
  let [id, name] = ['', 'message'];
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('id: ')) id = line.slice(4);
    if (line.startsWith('event: ')) name = line.slice(7);
    if (line.startsWith('data: ')) data.push(line.slice(6));
  }
  return data.length === 0 ? null : { id, name, data: data.join('\n') };
}
