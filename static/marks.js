// Marks in the article. Each paragraph knows where it starts in the article's text; its own text is never changed.

import { codePoints, utf16Index } from "./offsets.js";

/** Mark `ranges` ([{start, end}] in code points of the article) and nothing else; the one at `chosen` stands out. */
export function markRanges(article, ranges, chosen) {
  for (const paragraph of article.querySelectorAll("[data-start]")) {
    const text = paragraph.textContent;
    const start = Number(paragraph.dataset.start);
    const end = start + codePoints(text);
    const inside = ranges
      .map((range, index) => ({ ...range, index }))
      .filter((range) => start <= range.start && range.end <= end)
      .sort((a, b) => a.start - b.start);
    const pieces = [];
    let place = 0;
    for (const range of inside) {
      const from = utf16Index(text, range.start - start);
      const to = utf16Index(text, range.end - start);
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      mark.classList.toggle("chosen", range.index === chosen);
      pieces.push(text.slice(place, from), mark);
      place = to;
    }
    paragraph.replaceChildren(...pieces, text.slice(place));
  }
  return article.querySelector("mark.chosen");
}
