// Plots over time, by uPlot, in the colours of the theme.

import uPlot from 'uplot';
import { h } from './dom';
import type { Life } from './page';

export interface Line {
  label: string;
  color: number; // 1 to 6, of the theme
  stepped?: boolean;
}

export interface PlotOptions {
  title: string;
  lines: Line[];
  unit: (value: number) => string;
  height?: number;
  axis?: number; // the room of its numbers, in pixels
}

export interface Plot {
  element: HTMLElement;
  set: (times: number[], values: (number | null)[][]) => void;
}

const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function plot(options: PlotOptions, life: Life): Plot {
  const place = h('div', { class: 'plot' });
  const legend = h('p', { class: 'legend' });
  const element = h('figure', { class: 'card' }, h('figcaption', {}, h('h2', {}, options.title), legend), place);
  let data: uPlot.AlignedData = [[], ...options.lines.map(() => [])] as uPlot.AlignedData;
  let made: uPlot | null = null;

  // What the cursor is on, else the newest.
  const tellValues = (at: number | null | undefined) => {
    const index = at ?? data[0].length - 1;
    legend.replaceChildren(...options.lines.map((line, i) => {
      const value = data[i + 1]?.[index];
      return h('span', { class: `c${line.color}` }, `${line.label} `, h('b', {}, value === null || value === undefined ? '\u2013' : options.unit(value)));
    }));
  };

  const make = () => {
    made?.destroy();
    const axis = { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    made = new uPlot({
      width: Math.max(place.clientWidth, 200),
      height: options.height ?? 150,
      legend: { show: false },
      cursor: { sync: { key: 'time' }, drag: { x: false, y: false }, points: { size: 6 } },
      scales: { y: { range: (_plot, least, most) => [Math.min(0, least ?? 0), (most ?? 0) <= 0 ? 1 : most * 1.1] } },
      axes: [{ ...axis, space: 70, size: 40 }, { ...axis, size: options.axis ?? 64, values: (_plot, splits) => splits.map(options.unit) }],
      series: [{}, ...options.lines.map((line) => ({
        label: line.label,
        stroke: color(`--c${line.color}`),
        width: 1.5,
        points: { size: 3 },
        ...(line.stepped && uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
      }))],
      hooks: { setCursor: [(of) => tellValues(of.cursor.idx)] },
    }, data, place);
  };

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const sizes = new ResizeObserver(() => {
    if (made === null) make();
    else made.setSize({ width: Math.max(place.clientWidth, 200), height: options.height ?? 150 });
  });
  sizes.observe(place);
  dark.addEventListener('change', make);
  life.onEnd(() => {
    sizes.disconnect();
    dark.removeEventListener('change', make);
    made?.destroy();
  });

  return {
    element,
    set: (times, values) => {
      data = [times, ...values] as uPlot.AlignedData;
      made?.setData(data);
      tellValues(made?.cursor.idx);
    },
  };
}
