/** Pieces of a page: text that cannot become markup, and numbers that carry their full value. */
import { tabular, typographic } from './notation.ts';
import type { Prose } from './report.ts';

/** A piece of HTML, made by the functions below or written out in `html-page.ts`; never text from outside. */
export type Html = string;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, for content and for quoted attributes. Control characters, which HTML forbids, become U+FFFD. */
export const escape = (text: string): Html =>
  text
    .replace(/(?![\t\n])\p{Cc}|\p{Cs}/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** A number as `write` rounds it for reading; its `data` element keeps the value as JSON writes it. */
const written =
  (write: (x: number) => string) =>
  (x: number): Html =>
    Number.isFinite(x) ? `<data value="${JSON.stringify(x)}">${write(x)}</data>` : `<em>${write(x)}</em>`;

/** A number in typographic notation with so many significant digits, its full value in the markup. */
export const number = (digits: number): ((x: number) => Html) => written(typographic(digits));

/** Running text with its numbers. */
export const prose = (text: Prose): Html =>
  typeof text === 'string'
    ? escape(text)
    : text.map((piece) => (typeof piece === 'number' ? number(3)(piece) : escape(piece))).join('');

/** What nothing looks like. */
const absent = '<span class="absent">–</span>';

/** A cell of a table; nothing at all is a dash. */
export const cell =
  (digits: number) =>
  (value: string | number | null): Html => {
    if (value === null) {
      return absent;
    }
    return typeof value === 'number' ? written(tabular(digits))(value) : escape(value);
  };

/** A value with its unit; nothing at all is a dash. */
export const quantity =
  (digits: number, unit?: string) =>
  (value: string | number | null): Html => {
    if (value === null) {
      return absent;
    }
    const html = typeof value === 'number' ? number(digits)(value) : escape(value);
    return unit === undefined ? html : `${html} <span class="unit">${escape(unit)}</span>`;
  };
