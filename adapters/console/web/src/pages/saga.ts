// One saga: its steps, what went wrong, and the way on, by an operator.

import { get, may, post, Refusal } from '../api';
import { askReason, badge, card, empty, h, number, row, show, table } from '../dom';
import { entityLink, tell, type Page } from '../page';

export interface Saga {
  id: string;
  kind: string;
  status: string;
  steps: { name: string; status: string; attempts: number; error?: string | null }[];
}

const tones: Record<string, 'good' | 'bad' | 'warn' | 'plain'> = { completed: 'good', stuck: 'bad', failed: 'bad', compensated: 'warn' };

// Retry and skip, where the token may; else why not.
export function remedies(saga: Saga, done: () => void): HTMLElement {
  const act = (verb: 'retry' | 'skip', title: string) => async () => {
    const reason = await askReason(`${title} ${saga.id}`, title);
    if (reason === null) return;
    try {
      await post(`/v1/sagas/${encodeURIComponent(saga.id)}/${verb}`, { reason });
      tell(`${saga.id}: ${verb === 'retry' ? 'tried again' : 'skipped'}`, 'good');
      done();
    } catch (refused) {
      tell(refused);
    }
  };
  if (!may('operator')) return h('p', { class: 'quiet' }, 'Retry and skip need the role operator.');
  return h('div', { class: 'actions' },
    h('button', { type: 'button', click: act('retry', 'Retry') }, 'Retry'),
    h('button', { type: 'button', class: 'second', click: act('skip', 'Skip') }, 'Skip the step'));
}

export const saga: Page = async (root, life, [id = '']) => {
  const place = h('div');
  show(root, h('header', {}, h('h1', {}, 'Saga ', h('span', { class: 'id' }, id))), place);
  const [kind = '', entity = ''] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
  const draw = async () => {
    try {
      const it = await get<Saga>(`/v1/sagas/${encodeURIComponent(id)}`);
      const steps = it.steps.map((step) => row(step.name, badge(step.status, tones[step.status]), number(step.attempts), step.error ?? ''));
      show(place,
        card('Status', h('p', {}, badge(it.status, tones[it.status]), ' ', kind === 'order' ? entityLink('order', entity) : null),
          it.status === 'stuck' ? remedies(it, () => void draw()) : null),
        card('Steps', table('In their order', ['Step', 'Status', 'Attempts', 'Last error'], steps, [2])));
    } catch (refused) {
      if (!(refused instanceof Refusal)) throw refused;
      show(place, empty(refused.message));
    }
  };
  await draw();
  life.every(3000, async () => {
    if (document.querySelector('dialog[open]') !== null || place.contains(document.activeElement)) return;
    await draw();
  });
};
