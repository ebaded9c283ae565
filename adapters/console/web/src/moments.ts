// The overview's moments: the last 15 minutes second by second, kept here and continued, and the server's last 24 hours.

import { get } from './api';

interface Page {
  step_s: number;
  columns: string[];
  points: number[][];
}

export class Moments {
  private columns: string[] = [];
  private points: number[][] = [];

  constructor(readonly stepS: 1 | 10, private readonly most: number) {}

  // Asks for what is new.
  async update(): Promise<void> {
    const last = this.points.at(-1)?.[0] ?? 0;
    const page = await get<Page>(`/v1/overview?step_s=${this.stepS}&after=${last}&limit=${this.most}`);
    if (page.columns.join() !== this.columns.join()) this.points = [];
    this.columns = page.columns;
    this.points = this.points.concat(page.points).slice(-this.most);
  }
  get size(): number {
    return this.points.length;
  }
  get lags(): string[] {
    return this.columns.filter((name) => name.startsWith('lag:'));
  }
  of(name: string): number[] {
    const at = this.columns.indexOf(name);
    return this.points.map((point) => point[at] ?? 0);
  }
  // A count, a second.
  rate(name: string): number[] {
    const seconds = this.of('seconds');
    return this.of(name).map((value, i) => value / Math.max(seconds[i] ?? 1, 1));
  }
  // One count for each of another one.
  per(name: string, other: string, scale = 1): (number | null)[] {
    const others = this.of(other);
    return this.of(name).map((value, i) => ((others[i] ?? 0) > 0 ? (value / (others[i] ?? 1)) * scale : null));
  }
  last(name: string): number {
    return this.of(name).at(-1) ?? 0;
  }
}

// Shared by the pages, so that none of it is lost between them.
export const recent = new Moments(1, 900);
export const day = new Moments(10, 8640);
