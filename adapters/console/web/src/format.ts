// Numbers with their units, times, and money in minor units.

const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export function count(value: number): string {
  return plain.format(value).replaceAll(',', '\u202f');
}

// 1.2 k, 3.4 M
export function rough(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${short.format(value / 1e9)} G`;
  if (size >= 1e6) return `${short.format(value / 1e6)} M`;
  if (size >= 1e4) return `${short.format(value / 1e3)} k`;
  return size >= 100 || Number.isInteger(value) ? count(value) : short.format(value);
}

export function ms(value: number): string {
  if (value >= 10_000) return `${short.format(value / 1000)} s`;
  return value > 0 && value < 0.1 ? `${short.format(value * 1000)} \u00b5s` : `${short.format(value)} ms`;
}

export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  for (; value >= 1000 && unit + 1 < units.length; ++unit) value /= 1000;
  return `${short.format(value)} ${units[unit] ?? ''}`;
}

export function ago(seconds: number): string {
  if (seconds < 120) return `${count(seconds)} s`;
  return seconds < 7200 ? `${count(seconds / 60)} min` : `${count(seconds / 3600)} h`;
}

export function clock(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : `${at.toLocaleDateString()} ${at.toLocaleTimeString()}`;
}

// Of an integer of minor units, with as many places as the currency has.
export function money(minor: number, currency: string): string {
  let places = 2;
  try {
    places = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // a code that the browser doesn't know
  }
  const digits = String(Math.abs(minor)).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
  return `${minor < 0 ? '\u2212' : ''}${text} ${currency}`;
}
