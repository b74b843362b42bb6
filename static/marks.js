// Marks: quotes in the article, answers inside quotes. A paragraph's own text is never changed.

import { codePoints, utf16Index } from "./offsets.js";

/** Fill `element` with `text`, which begins at `start`, the `answers` ([{start, end}]) inside it emphasised. */
export function fillWithAnswers(element, text, start, answers) {
  const pieces = [];
  let place = 0;
  for (const answer of [...answers].sort((a, b) => a.start - b.start)) {
    const from = utf16Index(text, answer.start - start);
    const to = utf16Index(text, answer.end - start);
    // Two answers can share words; those are marked once.
    if (from < place) continue;
    const strong = document.createElement("strong");
    strong.className = "answer";
    strong.dataset.answer = answer.start;
    strong.textContent = text.slice(from, to);
    pieces.push(text.slice(place, from), strong);
    place = to;
  }
  element.replaceChildren(...pieces, text.slice(place));
}

/** Whether two texts look the same: HTML shows a NUL as U+FFFD. */
function same(one, other) {
  return one.replaceAll("\0", "\ufffd") === other.replaceAll("\0", "\ufffd");
}

/** Whether `quote` ({start, end, text}) is in the article as it is shown. */
export function holds(article, quote) {
  return [...article.querySelectorAll("[data-start]")].some((paragraph) => {
    const text = paragraph.textContent;
    const start = Number(paragraph.dataset.start);
    const [from, to] = [quote.start - start, quote.end - start];
    if (from < 0 || to > codePoints(text)) return false;
    return same(text.slice(utf16Index(text, from), utf16Index(text, to)), quote.text);
  });
}

/** Mark `quotes` ([{index, start, end, text, answers, label}] in code points) and nothing else. */
export function markQuotes(article, quotes) {
  for (const paragraph of article.querySelectorAll("[data-start]")) {
    const text = paragraph.textContent;
    const start = Number(paragraph.dataset.start);
    const end = start + codePoints(text);
    const inside = quotes
      .filter((quote) => start <= quote.start && quote.end <= end)
      .sort((a, b) => a.start - b.start);
    const pieces = [];
    let place = 0;
    for (const quote of inside) {
      const from = utf16Index(text, quote.start - start);
      const to = utf16Index(text, quote.end - start);
      // Rather none than a wrong one: the article may have changed since.
      if (!same(text.slice(from, to), quote.text)) continue;
      const mark = document.createElement("mark");
      fillWithAnswers(mark, text.slice(from, to), quote.start, quote.answers);
      mark.id = `mark-${quote.index}`;
      mark.dataset.number = quote.index + 1;
      mark.setAttribute("aria-description", quote.label);
      mark.classList.toggle("closest", quote.closest);
      pieces.push(text.slice(place, from), mark);
      place = to;
    }
    paragraph.replaceChildren(...pieces, text.slice(place));
  }
}
