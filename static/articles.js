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

/** The host of an address of the web; none if it is none. */
function hostOf(url) {
  try {
    const { protocol, host } = new URL(url);
    return /^https?:$/.test(protocol) ? host : "";
  } catch {
    return "";
  }
}

/** Say in one line who wrote an article, when, and where it is from. */
export function showOrigin(element, origin) {
  const { author, date, url } = origin ?? {};
  element.replaceChildren([author, date].filter(Boolean).join(" · "));
  const place = hostOf(url);
  if (place) {
    const link = document.createElement("a");
    link.href = url;
    link.rel = "noreferrer";
    link.textContent = place;
    element.append(element.textContent ? " · " : "", link);
  }
  element.hidden = !element.textContent;
}

const fetched = new Map();

/** Fetch an article of the library, once, or `anew`. */
export async function fetchArticle(id, anew = false) {
  if (anew || !fetched.has(id)) {
    const headers = { "Accept-Language": document.documentElement.lang };
    const response = await fetch(`/api/articles/${encodeURIComponent(id)}?suggestions=false`, { headers });
    if (!response.ok) throw new Error((await response.json()).detail);
    fetched.set(id, await response.json());
  }
  return fetched.get(id);
}

/** Own texts: kept in the browser, oldest first, as the service described them. */
export class Shelf {
  constructor() {
    this.texts = [];
    this.#reread();
  }

  /** Take in what other windows of the browser keep. */
  #reread() {
    try {
      const texts = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      if (Array.isArray(texts)) this.texts = texts;
    } catch {
      // What another version of the page wrote is not read.
    }
  }

  find(id) {
    return this.texts.find((each) => each.id === id);
  }

  /** Keep a text, once; return it with an id of its own, and whether the browser had room for it. */
  add(article) {
    this.#reread();
    const known = this.texts.find((each) => each.text === article.text);
    const id = known?.id ?? `own-${Date.now().toString(36)}`;
    const kept = { ...article, id, digest: id };
    this.texts = [...this.texts.filter((each) => each.id !== id), kept];
    return [kept, this.#keep()];
  }

  remove(id) {
    this.#reread();
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
