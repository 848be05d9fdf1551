/** How the page looks: a paper's typography, light and dark, on screens and in print. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1d21; --faint: #5d636e; --line: #d9dce2; --wash: #f5f6f8;
  --link: #0b5cad; --good: #0a6b3d; --bad: #b3261e; --open: #5d636e; --shade: #00000040;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --ink: #e6e7ea; --faint: #a2a8b3; --line: #363a42; --wash: #1f2228;
    --link: #7ab7f5; --good: #5fd39a; --bad: #ff8a80; --open: #a2a8b3; --shade: #ffffff59;
  }
  figure svg { filter: brightness(1.35); }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 4rem; max-width: 70rem; line-height: 1.55; font-size: 1.0625rem;
  font-family: Charter, 'Bitstream Charter', 'Iowan Old Style', 'Palatino Linotype', Georgia, 'Liberation Serif', serif;
  hyphens: auto; overflow-wrap: break-word;
}
header, .text { max-width: 44rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 0.75rem; font-weight: 600; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 3.25rem 0 0.75rem; font-weight: 600; }
h2 .note { font-weight: 400; font-size: 0.875rem; }
h2 .ordinal { color: var(--faint); font-weight: 400; margin-right: 0.6em; }
p { margin: 0 0 0.9rem; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.15em; }
.abstract { font-size: 1.125rem; }
.facts, table, figcaption, summary, figure, .verdict, .tally, .note {
  font-family: 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif;
}
.facts { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin: 1.5rem 0 0; padding: 0.9rem 0; font-size: 0.875rem;
  border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.facts dt { color: var(--faint); font-size: 0.8125rem; }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
.partial { font-weight: 600; }
.tally { font-size: 0.9375rem; color: var(--faint); }
figure.table { max-width: none; margin: 1.25rem 0 1.75rem; }
figure.table figcaption { max-width: 44rem; margin: 0 0 0.5rem; }
/* An edge is shaded while something is hidden beyond it: covers that scroll along lie over shades that stay. */
.wide { overflow-x: auto; background:
  linear-gradient(to right, var(--paper) 40%, transparent) left / 2.5rem 100% no-repeat local,
  linear-gradient(to left, var(--paper) 40%, transparent) right / 2.5rem 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) left / 0.75rem 100% no-repeat scroll,
  linear-gradient(to left, var(--shade), transparent) right / 0.75rem 100% no-repeat scroll; }
.wide:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; font-variant-numeric: tabular-nums; hyphens: manual; }
th, td { padding: 0.4rem 1rem 0.4rem 0; text-align: left; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 600; border-bottom: 1.5px solid var(--ink); vertical-align: bottom; }
thead .unit { font-weight: 400; }
tbody td { border-bottom: 1px solid var(--line); }
.numeric { text-align: right; white-space: nowrap; }
thead .numeric { white-space: normal; }
.claims { width: 100%; margin: 1.25rem 0 1.75rem; }
.claims tbody th { font-weight: 600; padding-top: 1.1rem; border-bottom: 1px solid var(--line); }
.claims tbody th a { color: inherit; text-decoration: none; }
.claims td:first-child { width: 50%; }
.claims td { vertical-align: top; }
.note { display: block; color: var(--faint); font-size: 0.8125rem; margin-top: 0.15rem; }
data, .unit, .absent, .ordinal { white-space: nowrap; }
.unit { color: var(--faint); }
.verdict { white-space: nowrap; font-weight: 600; }
.verdict::before { display: inline-block; width: 1.2em; }
.holds { color: var(--good); } .holds::before { content: '\\2713'; }
.fails { color: var(--bad); } .fails::before { content: '\\2717'; }
.open { color: var(--open); font-weight: 400; } .open::before { content: '\\2013'; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 2rem 2.5rem; margin: 1.5rem 0 2rem; }
figure { margin: 0; max-width: 36rem; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
figcaption { font-size: 0.875rem; line-height: 1.45; color: var(--faint); margin-top: 0.5rem; }
figcaption strong { color: var(--ink); font-weight: 600; }
details { margin: 1rem 0 1.75rem; font-size: 0.875rem; }
summary { color: var(--faint); cursor: pointer; }
code { font-size: 0.8125rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--faint); font-size: 0.875rem; }
@media (max-width: 36rem) {
  body { padding: 1.5rem 1rem 3rem; font-size: 1rem; }
  h1 { font-size: 1.6rem; }
  .claims, .claims tbody, .claims tr, .claims td, .claims tbody th { display: block; width: auto; }
  .claims thead { display: none; }
  .claims tr { padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
  .claims td:first-child { width: auto; }
  .claims td { border: 0; padding: 0.1rem 0; white-space: normal; }
  .claims td[data-label]::before { content: attr(data-label) ': '; color: var(--faint); }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  /* Paper does not scroll: letters and gaps are so small that every table fits on A4, smaller where there are many columns. */
  .wide { overflow: visible; background: none; }
  .wide table { font-size: 7pt; }
  .wide table:not(:has(thead th:nth-child(8))) { font-size: 8.5pt; }
  .wide :is(th, td):not(:last-child) { padding-right: 0.8em; }
  .wide code { font-size: inherit; }
  figure:not(.table), tr { break-inside: avoid; }
  h2, .table figcaption { break-after: avoid; }
}
`;
