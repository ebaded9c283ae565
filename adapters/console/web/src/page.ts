// What a page is, and how long its work goes on: until the next one is opened.

import { Refusal } from './api';
import { h } from './dom';

export class Life {
  private readonly ends: (() => void)[] = [];
  private ended = false;

  get over(): boolean {
    return this.ended;
  }
  onEnd(end: () => void): void {
    this.ends.push(end);
  }
  // Now, and again so long after each time that it is done; not while nobody looks.
  every(periodMs: number, work: () => Promise<void>): void {
    let timer = 0;
    const turn = async () => {
      if (!document.hidden) await work().catch((error: unknown) => tell(error));
      if (!this.ended) timer = window.setTimeout(turn, periodMs);
    };
    this.onEnd(() => window.clearTimeout(timer));
    void turn();
  }
  end(): void {
    this.ended = true;
    for (const end of this.ends) end();
  }
}

export type Page = (root: HTMLElement, life: Life, parts: string[]) => Promise<void> | void;

let notes: HTMLElement | null = null;

// What went wrong, or well, for a moment at the foot of the page; read out, too.
export function tell(what: unknown, tone: 'bad' | 'good' = 'bad'): void {
  const text = what instanceof Refusal && what.code !== '' ? `${what.message} (${what.code})` : what instanceof Error ? what.message : String(what);
  if (notes === null) {
    notes = h('div', { class: 'notes', role: 'status', 'aria-live': 'polite' });
    document.body.append(notes);
  }
  if ([...notes.children].some((note) => note.textContent === text)) return;
  const note = h('p', { class: tone }, text);
  notes.append(note);
  window.setTimeout(() => note.remove(), 6000);
}

// Where the page of an entity, a saga or a record is.
export const hashOf = (...parts: (string | number)[]): string => `#/${parts.map((part) => encodeURIComponent(String(part))).join('/')}`;

// `tenant`: whose it is, where it may be another one's than the one that is looked at.
export function entityLink(kind: string, id: string, tenant?: string): HTMLAnchorElement {
  const place = [kind === 'saga' ? 'saga' : 'entity', ...(kind === 'saga' ? [id] : [kind, id])];
  return h('a', { href: tenant === undefined ? hashOf(...place) : hashOf('in', tenant, ...place), class: 'id' }, `${kind}/${id}`);
}
// Of "wallet/alice".
export function namedLink(name: string): HTMLElement {
  const slash = name.indexOf('/');
  return slash < 0 ? h('span', {}, name) : entityLink(name.slice(0, slash), name.slice(slash + 1));
}
