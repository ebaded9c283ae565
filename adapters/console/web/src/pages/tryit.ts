// A form for each route, made of the OpenAPI document, with the curl line that does the same.

import { ask, may, newKey, account } from '../api';
import { badge, field, h, show } from '../dom';
import { tell, type Page } from '../page';

type Json = Record<string, unknown>;
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  example?: unknown;
}
interface Operation {
  method: string;
  path: string;
  summary: string;
  description: string;
  tag: string;
  parameters: Parameter[];
  example: string | null; // of the body
}

function at(document: Json, pointer: string): unknown {
  return pointer.replace('#/', '').split('/').reduce<unknown>((value, name) => (value as Json | undefined)?.[name.replaceAll('~1', '/')], document);
}

function resolved<T>(document: Json, value: unknown): T {
  const reference = (value as Json)['$ref'];
  return (typeof reference === 'string' ? at(document, reference) : value) as T;
}

function operationsOf(document: Json): Operation[] {
  const all: Operation[] = [];
  for (const [path, item] of Object.entries(document['paths'] as Json))
    for (const [method, raw] of Object.entries(item as Json)) {
      const of = raw as Json;
      const content = ((of['requestBody'] as Json | undefined)?.['content'] ?? {}) as Json;
      const media = Object.values(content)[0] as Json | undefined;
      const example = media === undefined ? null : media['example'];
      all.push({
        method: method.toUpperCase(), path,
        summary: String(of['summary'] ?? ''), description: String(of['description'] ?? ''), tag: String((of['tags'] as string[] | undefined)?.[0] ?? ''),
        parameters: ((of['parameters'] as unknown[] | undefined) ?? []).map((one) => resolved<Parameter>(document, one)),
        example: example === null || example === undefined ? null : typeof example === 'string' ? example : JSON.stringify(example, null, 2),
      });
    }
  return all;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function form(operation: Operation): HTMLElement {
  const controls = operation.parameters.map((parameter) => {
    const input = h('input', { spellcheck: 'false', autocomplete: 'off', required: parameter.in === 'path' });
    if (parameter.in === 'path') input.value = String(parameter.example ?? '');
    if (parameter.name === 'Idempotency-Key') input.value = newKey();
    return { parameter, input };
  });
  const body = operation.example === null ? null : h('textarea', { rows: 8, spellcheck: 'false' });
  if (body !== null) body.value = operation.example ?? '';
  const curl = h('pre', { class: 'curl', tabindex: 0, 'aria-label': 'The same by curl' });
  const answer = h('div', { 'aria-live': 'polite' });

  const request = () => {
    let path = operation.path;
    const query = new URLSearchParams();
    const headers: Record<string, string> = {};
    for (const { parameter, input } of controls) {
      const value = input.value.trim();
      if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
      else if (value !== '' && parameter.in === 'query') query.set(parameter.name, value);
      else if (value !== '' && parameter.in === 'header') headers[parameter.name] = value;
    }
    return { path: query.size > 0 ? `${path}?${query}` : path, headers, body: body?.value };
  };
  const tellCurl = () => {
    const made = request();
    const parts = ['curl -i', operation.method === 'GET' ? '' : `-X ${operation.method}`, quoted(location.origin + made.path)];
    if (account?.open !== true) parts.push('-H "Authorization: Bearer $TOTE_TOKEN"');
    for (const [name, value] of Object.entries(made.headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
    if (made.body !== undefined) parts.push(`-d ${quoted(made.body.replace(/\s*\n\s*/g, ' '))}`);
    curl.textContent = parts.filter((part) => part !== '').join(' ');
  };
  const send = async (event: Event) => {
    event.preventDefault();
    const made = request();
    try {
      const got = await ask(operation.method, made.path, made.body, made.headers);
      const replayed = got.headers.get('Idempotent-Replayed') === 'true';
      show(answer, h('p', {}, badge(String(got.status), got.status < 300 ? 'good' : 'warn'), replayed ? ' answered before' : '', got.headers.get('Tote-Lsn') ? ` LSN ${got.headers.get('Tote-Lsn') ?? ''}` : ''), h('pre', {}, pretty(got.text)));
    } catch (error) {
      tell(error);
    }
  };
  const element = h('form', { class: 'try', submit: (event) => void send(event), input: tellCurl },
    h('h2', {}, operation.summary), h('p', { class: 'id' }, `${operation.method} ${operation.path}`), operation.description === '' ? null : h('p', { class: 'quiet' }, operation.description),
    h('div', { class: 'fields-form' }, ...controls.map(({ parameter, input }) => field(parameter.name, input, parameter.description))),
    body === null ? null : field('Body', body), h('h3', {}, 'curl'), curl,
    h('div', { class: 'actions' }, h('button', { type: 'submit' }, 'Send')), answer);
  tellCurl();
  return element;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text.slice(0, 100_000);
  }
}

export const tryIt: Page = async (root, _life, [wanted = '']) => {
  const document = JSON.parse((await ask('GET', '/openapi.json')).text) as Json;
  const all = operationsOf(document).filter((operation) => operation.method === 'GET' || may('writer'));
  const choice = h('select', { 'aria-label': 'Route' });
  for (const tag of new Set(all.map((operation) => operation.tag)))
    choice.append(h('optgroup', { label: tag }, ...all.flatMap((operation, i) => (operation.tag === tag ? [h('option', { value: i }, `${operation.method} ${operation.path}`)] : []))));
  const place = h('div', { class: 'card' });
  const draw = () => {
    const operation = all[Number(choice.value)];
    if (operation !== undefined) show(place, form(operation));
  };
  const index = all.findIndex((operation) => `${operation.method} ${operation.path}` === wanted);
  if (index >= 0) choice.value = String(index);
  choice.addEventListener('change', draw);
  show(root, h('header', {}, h('h1', {}, 'Try it'), choice), may('writer') ? null : h('p', { class: 'quiet' }, 'This token reads; changes need the role writer.'), place);
  draw();
};
