// Articles as the page shows them: those of the library, by their ids, and own texts, kept in the browser.

import { utf16Index } from "./offsets.js";

const KEY = "texts";

/** Show an article ({text, paragraphs, language, …}, as the service describes it) in `element`. */
export function showArticle(element, article) {
  const { text } = article;
  element.lang = article.language;
  const [first, second] = article.paragraphs;
  const blocks = article.paragraphs.map(({ start, end }) => {
    // As the service does it: a first paragraph that is the title is a heading.
    const shown = text.slice(utf16Index(text, start), utf16Index(text, end));
    const heading = start === first.start && second && shown === article.title;
    const block = document.createElement(heading ? "h2" : "p");
    block.dataset.start = start;
    block.textContent = shown;
    return block;
  });
  element.replaceChildren(...blocks);
}

/** Say in one line who wrote an article, when, and where it is from. */
export function showOrigin(element, origin) {
  const { author, date, url } = origin ?? {};
  element.replaceChildren([author, date].filter(Boolean).join(" · "));
  if (url && /^https?:/.test(url)) {
    const link = document.createElement("a");
    link.href = url;
    link.rel = "noreferrer";
    link.textContent = new URL(url).host;
    element.append(element.textContent ? " · " : "", link);
  }
  element.hidden = !element.textContent;
}

const fetched = new Map();

/** Fetch an article of the library, once. */
export async function fetchArticle(id) {
  if (!fetched.has(id)) {
    const response = await fetch(`/api/articles/${encodeURIComponent(id)}?suggestions=false`);
    if (!response.ok) throw new Error((await response.json()).detail);
    fetched.set(id, await response.json());
  }
  return fetched.get(id);
}

/** Own texts: kept in the browser, oldest first, as the service described them. */
export class Shelf {
  constructor() {
    this.texts = [];
    try {
      this.texts = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    } catch {
      // What another version of the page wrote is not read.
    }
  }

  find(id) {
    return this.texts.find((each) => each.id === id);
  }

  /** Keep a text; return whether the browser had room for it. */
  async add(article) {
    const bytes = new TextEncoder().encode(article.text);
    const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))];
    const id = `own-${digest.slice(0, 8).map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    const kept = { ...article, id, digest: id };
    this.texts = [...this.texts.filter((each) => each.id !== id), kept];
    return [kept, this.#keep()];
  }

  remove(id) {
    this.texts = this.texts.filter((each) => each.id !== id);
    this.#keep();
  }

  #keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.texts));
      return true;
    } catch {
      return false;
    }
  }
}
