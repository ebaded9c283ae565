// Work that needs a person: what can't go on by itself, and what an operator can do about it.

import { find, get, looksAtAll, may, post } from '../api';
import { askReason, badge, card, empty, h, number, row, show, table } from '../dom';
import { clock, count, money } from '../format';
import { hashOf, tell, type Page } from '../page';
import { alertsCard } from './alerts';
import type { Follower } from './followers';
import { remedies, type Saga } from './saga';

interface Refund {
  id: string;
  amount: number;
  currency: string;
  status: string;
  attempts: number;
  last_error?: string | null;
  created_at: string;
}
interface PaymentEvent {
  id: string;
  type: string;
  status: string;
  attempts: number;
  last_error?: string | null;
  created_at: string;
}

type Again = () => void;

function retryButton(what: string, path: string, again: Again): HTMLElement | string {
  if (!may('operator')) return h('span', { class: 'quiet' }, 'needs operator');
  return h('button', { type: 'button', click: async () => {
    const reason = await askReason(`Retry ${what}`, 'Retry');
    if (reason === null) return;
    try {
      await post(path, { reason });
      tell(`${what}: tried again`, 'good');
      again();
    } catch (refused) {
      tell(refused);
    }
  } }, 'Retry');
}

async function stuckSagas(again: Again): Promise<HTMLElement> {
  const listed = await find<{ sagas: Saga[] }>('/v1/sagas?status=stuck&limit=100');
  if (listed === null) {
    const id = h('input', { name: 'saga', placeholder: 'order:o1', 'aria-label': 'Saga', required: true });
    return card('Stuck sagas', h('p', { class: 'quiet' }, 'This server doesn\u2019t list sagas; its log names those that are stuck.'),
      h('form', { class: 'line', submit: (event) => {
        event.preventDefault();
        location.hash = hashOf('saga', id.value.trim());
      } }, id, h('button', { type: 'submit' }, 'Show')));
  }
  if (listed.sagas.length === 0) return card('Stuck sagas', empty('None.'));
  return card(`Stuck sagas: ${count(listed.sagas.length)}`, ...listed.sagas.map((saga) => h('article', {},
    h('h3', {}, h('a', { href: hashOf('saga', saga.id), class: 'id' }, saga.id)),
    h('p', {}, saga.steps.filter((step) => step.error).map((step) => `${step.name}: ${step.error ?? ''}`).join('; ')),
    remedies(saga, again))));
}

async function refunds(again: Again): Promise<HTMLElement> {
  const all = await get<{ card_payments: string; refunds: Refund[] }>('/v1/refunds');
  const waiting = all.refunds.filter((refund) => refund.status === 'failed' || refund.status === 'pending_funds');
  const resume = async () => {
    const reason = await askReason('Accept card payments again', 'Resume');
    if (reason === null) return;
    try {
      await post('/v1/payments/resume', { reason });
      tell('Card payments run again', 'good');
      again();
    } catch (refused) {
      tell(refused);
    }
  };
  const paused = all.card_payments === 'running' ? null : h('div', { class: 'alert' }, h('p', {}, 'Card payments are paused: three refunds wait for funds.'),
    may('operator') ? h('button', { type: 'button', click: resume }, 'Resume') : h('p', {}, 'Resuming needs the role operator.'));
  const rows = waiting.map((refund) => row(h('span', { class: 'id' }, refund.id), number(money(refund.amount, refund.currency)), badge(refund.status.replace('_', ' '), refund.status === 'failed' ? 'bad' : 'warn'),
    number(refund.attempts), refund.last_error ?? '', clock(refund.created_at), retryButton(`refund ${refund.id}`, `/v1/refunds/${encodeURIComponent(refund.id)}/retry`, again)));
  return card('Refunds that wait or failed', paused, rows.length === 0 ? empty('None.') : table('Newest first', ['Refund', 'Amount', 'Status', 'Attempts', 'Last error', 'Since', ''], rows, [1, 3]));
}

async function paymentEvents(again: Again): Promise<HTMLElement> {
  const listed = await find<{ payment_events: PaymentEvent[] }>('/v1/payment-events?status=failed&limit=100');
  const rows = (listed?.payment_events ?? []).map((event) => row(h('span', { class: 'id' }, event.id), event.type, number(event.attempts), event.last_error ?? '', clock(event.created_at),
    retryButton(`event ${event.id}`, `/v1/payment-events/${encodeURIComponent(event.id)}/retry`, again)));
  return card('Payment events that failed', rows.length === 0 ? empty('None.') : table('They were told by a provider, and couldn\u2019t be acted upon', ['Event', 'Type', 'Attempts', 'Last error', 'Since', ''], rows, [2]));
}

async function putAside(): Promise<HTMLElement> {
  const all = (await get<{ followers: Follower[] }>('/v1/followers')).followers;
  const rows = all.filter((follower) => follower.put_aside > 0 || follower.problem).map((follower) => row(follower.name, number(count(follower.put_aside)), follower.problem ?? ''));
  return card('Events put aside, followers that stand still', rows.length === 0 ? empty('None.') : table('What an endpoint refused for good lies in its file', ['Follower', 'Put aside', 'Problem'], rows, [1]));
}

export const work: Page = async (root, life) => {
  const place = h('div');
  show(root, h('header', {}, h('h1', {}, 'Work that needs a person')), place);
  const draw = async () => {
    const again = () => void draw();
    const ofOne = looksAtAll() ? [h('p', { class: 'quiet' }, 'Stuck sagas, refunds and payment events are shown of one tenant: choose which.')] : [stuckSagas(again), refunds(again), paymentEvents(again)];
    const parts = await Promise.all([alertsCard(), ...ofOne, putAside()]);
    if (!life.over) show(place, ...parts);
  };
  life.every(5000, async () => {
    if (document.querySelector('dialog[open]') === null && !place.contains(document.activeElement)) await draw();
  });
};
