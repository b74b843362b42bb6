// The chat page: asks the JSON endpoint, shows answers and quotes, and marks them in the article.

import { Shelf, fetchArticle, showArticle, showOrigin } from "./articles.js";
import { Conversation, describe, save } from "./conversation.js";
import { holds, markQuotes } from "./marks.js";
import { codePoints } from "./offsets.js";
import { addressOf, makeTurn, quotesOf } from "./turns.js";

const page = JSON.parse(document.querySelector("#page").textContent);
const { texts } = page;
const get = (id) => document.getElementById(id);
const [turns, form, field, status, problem, retry, counter] =
  ["turns", "ask", "question", "status", "problem", "retry", "counter"].map(get);
const button = form.querySelector("[type=submit]");
const article = document.querySelector("article");
const shelf = new Shelf();
/** What is asked: an article of the library, an own text, or, where its id is "*", all articles. */
let asked = page.article;
let conversation = new Conversation(asked);
/** The id of the article that is shown. */
let shownId = asked.id;
// A wait shorter than this needs no word.
const WORKING_AFTER_MS = 150;
// How many characters are left is said from here on.
const COUNTED_FROM = 80;
const HISTORY = 20;
const SUGGESTED = 3;
/** The reply of each turn. */
const replies = new WeakMap();
/** The turn whose quotes are marked, and stay so. */
let kept = null;
let blocked = 0;

function say(text) {
  status.textContent = text;
}

function complain(text) {
  problem.textContent = text;
  retry.hidden = !text;
}

// Marks ------------------------------------------------------------------------------------------

/** Mark the quotes of `turn`; of these one quote, and one answer in it, may stand out. */
function mark(turn, { quote, answer } = {}) {
  const here = (each) => asked.id !== "*" || each.article_id === shownId;
  markQuotes(article, turn ? quotesOf(replies.get(turn), texts).filter(here) : []);
  for (const old of document.querySelectorAll("#turns [aria-current], .pointed")) {
    old.removeAttribute("aria-current");
    old.classList.remove("pointed");
  }
  if (!turn) return null;
  turn.querySelector(`.quotes [data-quote="${quote}"]`)?.setAttribute("aria-current", "true");
  for (const place of [article, turn.querySelector(".quotes")]) {
    place.querySelector(`[data-answer="${answer}"]`)?.classList.add("pointed");
  }
  const chosen = get(`mark-${quote}`);
  chosen?.classList.add("chosen");
  return chosen;
}

function keep(turn, place) {
  kept = turn && { turn, place };
  return mark(turn, place);
}

/** Keep the marks of `turn`, in the article that the quote is from, and bring the quote into view. */
async function keepAndReveal(turn, place, always) {
  const quote = replies.get(turn).quotes[place.quote];
  const elsewhere = asked.id === "*" && quote?.article_id !== shownId;
  if (quote && asked.text === undefined && (elsewhere || !holds(article, quote))) {
    const from = asked;
    // The article shown may be another, or an older one.
    const found = await fetchArticle(quote.article_id, !elsewhere);
    if (asked !== from) return;
    shownId = found.id;
    if (elsewhere) document.querySelector(".library").open = false;
    showArticle(article, found);
    showOrigin(get("origin"), found.origin);
  }
  reveal(keep(turn, place), always);
}

function restore() {
  mark(kept?.turn, kept?.place);
}

/** Bring a mark into view where that takes nothing else out of it: where the article has a column of its own. */
function reveal(chosen, always) {
  const besides = getComputedStyle(document.querySelector(".article-column")).overflowY === "auto";
  if (always || besides) chosen?.scrollIntoView({ block: "center" });
}

// Turns ------------------------------------------------------------------------------------------

function show(reply) {
  const turn = makeTurn(reply, { ...page, article: asked });
  replies.set(turn, reply);
  turns.append(turn);
  return turn;
}

/** What a question is asked of, as the endpoint has it. */
function source() {
  if (asked.text !== undefined) return { text: asked.text };
  return asked.id === "*" ? {} : { article_id: asked.id };
}

function post(address, question, history) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": page.language },
    body: JSON.stringify({ question, history: history.slice(-HISTORY), ...source() }),
  });
}

async function send(question) {
  const response = await post("/api/ask", question, conversation.questions);
  if (response.ok) return response.json();
  const wait = Number(response.headers.get("Retry-After"));
  if (response.status === 429 && wait) {
    block(wait);
    throw new Error(texts.wait.replace("{seconds}", wait));
  }
  if (response.status >= 500) throw new Error(texts.failed);
  throw new Error((await response.json()).detail);
}

/** Let nothing be asked for so many seconds, and count them down. */
function block(seconds) {
  blocked = seconds;
  const tick = setInterval(() => {
    blocked -= 1;
    count();
    if (blocked > 0) return;
    clearInterval(tick);
    complain("");
    say(texts.again);
  }, 1000);
}

async function ask(question) {
  complain("");
  const here = conversation;
  const working = setTimeout(() => say(texts.working), WORKING_AFTER_MS);
  // Disabled, the button would lose the focus.
  form.setAttribute("aria-busy", "true");
  try {
    const reply = await send(question);
    here.add(reply);
    // Another text may have been opened meanwhile; the answer is kept where it was asked.
    if (here !== conversation) {
      say("");
      return;
    }
    const turn = show(reply);
    field.value = "";
    turn.scrollIntoView({ block: "nearest" });
    await keepAndReveal(turn, { quote: 0 });
    say(reply.answered ? texts.answered_status : texts.refused_status);
    suggest();
    followUp(reply);
  } catch (error) {
    // What was typed stays in the field.
    say("");
    complain(error instanceof TypeError ? texts.offline : error.message);
  } finally {
    clearTimeout(working);
    form.removeAttribute("aria-busy");
    count();
  }
}

/** Say how many characters are left, and let nothing be asked that is too long or too soon. */
function count() {
  const left = page.limit - codePoints(field.value);
  counter.hidden = left > COUNTED_FROM && !blocked;
  if (blocked) counter.textContent = `${blocked} s`;
  else if (left < 0) counter.textContent = texts.too_long.replace("{over}", -left);
  else counter.textContent = texts.counter.replace("{left}", left);
  field.setAttribute("aria-invalid", String(left < 0));
  button.disabled = left < 0 || blocked > 0;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

/** Suggest first what goes on from `reply`; nothing is lost if there is nothing. */
async function followUp(reply) {
  forgetFollowUps();
  if (!reply.answered) return;
  const response = await post("/api/follow-ups", reply.question, conversation.questions.slice(0, -1)).catch(() => null);
  if (!response?.ok || conversation.replies.at(-1) !== reply) return;
  const { suggestions } = await response.json();
  const entries = suggestions.map((question) => makeSuggestion(question, reply.language));
  for (const entry of entries) entry.className = "follow-up";
  document.querySelector(".suggestions ul").prepend(...entries);
  suggest();
}

/** The address that asks a question; an own text is in this browser only. */
function linkTo(question) {
  return asked.text === undefined ? `/?${new URLSearchParams({ question, ...addressOf(asked) })}` : `#${asked.id}`;
}

function makeSuggestion(question, language) {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  link.href = linkTo(question);
  link.lang = language;
  link.textContent = question;
  entry.append(link);
  return entry;
}

/** Suggest these questions, and no others. */
function offer(questions, language) {
  const entries = questions.map((question) => makeSuggestion(question, language));
  document.querySelector(".suggestions ul").replaceChildren(...entries);
  suggest();
}

function forgetFollowUps() {
  for (const entry of document.querySelectorAll(".follow-up")) entry.remove();
}

/** Suggest what wasn't asked yet. */
function suggest() {
  let room = SUGGESTED;
  for (const link of document.querySelectorAll(".suggestions a")) {
    const entry = link.parentElement;
    const wasAsked = conversation.questions.includes(link.textContent) && !entry.matches(".follow-up");
    entry.hidden = wasAsked || room === 0;
    if (!entry.hidden) room -= 1;
  }
  const suggestions = document.querySelector(".suggestions");
  suggestions.hidden = !suggestions.querySelector("li:not([hidden])");
}

// Own texts --------------------------------------------------------------------------------------

/** List the own texts, each with what is known of it. */
function listOwn() {
  const entries = shelf.texts.map((each) => {
    const entry = document.querySelector("#own-text").content.firstElementChild.cloneNode(true);
    const [link, about, remove] = ["a", "small", "button"].map((name) => entry.querySelector(name));
    link.href = `#${each.id}`;
    link.textContent = each.title;
    link.lang = each.language;
    if (each.id === asked.id) link.setAttribute("aria-current", "true");
    about.textContent = [
      texts.languages[each.language],
      texts.sentences.replace("{count}", each.sentences.length),
      ...(each.lost ?? []).map(({ what, count }) => `${texts.without} ${count} ${texts.lost[what] ?? what}`),
    ].join(" · ");
    remove.dataset.id = each.id;
    remove.setAttribute("aria-label", `${texts.remove}: ${each.title}`);
    return entry;
  });
  get("own").replaceChildren(...entries);
  get("own-title").hidden = !entries.length;
}

/** Ask an own text from now on. */
function open(text) {
  asked = text;
  shownId = text.id;
  conversation = new Conversation(text);
  showArticle(article, text);
  showOrigin(get("origin"), text.origin);
  for (const link of document.querySelectorAll(".library [aria-current]")) link.removeAttribute("aria-current");
  document.title = `${text.title} · ${texts.name}`;
  history.replaceState(null, "", `#${text.id}`);
  document.querySelector("nav [hreflang]").hash = text.id;
  listOwn();
  offer(text.suggestions, page.language);
  showConversation();
  get("article").scrollTop = 0;
}

/** Let the service read a file, and ask it. */
async function add(file) {
  const dialog = get("add");
  const wrong = get("add-problem");
  wrong.textContent = "";
  say(texts.reading);
  try {
    if (file.size > page.file_limit) throw new Error(texts.file_too_large);
    const body = new FormData();
    body.append("file", file);
    const headers = { "Accept-Language": page.language };
    const response = await fetch(`/api/extract?language=${page.language}`, { method: "POST", headers, body });
    if (!response.ok) throw new Error((await response.json()).detail);
    const [text, isKept] = shelf.add(await response.json());
    dialog.close();
    get("add-form").reset();
    open(text);
    say(isKept ? texts.added : texts.not_kept);
  } catch (error) {
    say("");
    const said = error instanceof TypeError ? texts.offline_file : error.message;
    if (!dialog.open) dialog.showModal();
    wrong.textContent = said;
  }
}

get("add-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = get("file").files;
  const pasted = get("paste").value;
  if (file) add(file);
  else if (pasted.trim()) add(new File([pasted], "text.txt", { type: "text/plain" }));
  else get("add-problem").textContent = texts.nothing_added;
});

for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (name === "drop") add(event.dataTransfer.files[0]);
  });
}

/** Show only the articles whose titles have these words. */
get("find")?.addEventListener("input", ({ target }) => {
  const wanted = target.value.toLowerCase().split(/\s+/);
  for (const entry of document.querySelectorAll("#library li")) {
    const title = entry.textContent.toLowerCase();
    entry.hidden = !wanted.every((word) => title.includes(word));
  }
});

// What people do ---------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = field.value.trim();
  if (question && !button.disabled && !form.hasAttribute("aria-busy")) ask(question);
});

retry.addEventListener("click", () => form.requestSubmit());
field.addEventListener("input", count);

const ACTIONS = {
  async copy(turn) {
    await copy(describe(replies.get(turn), asked, texts));
    say(texts.copied);
  },
  edit(turn) {
    field.value = replies.get(turn).question;
    count();
    field.focus();
  },
  clear() {
    conversation.clear();
    turns.replaceChildren();
    keep(null);
    forgetFollowUps();
    suggest();
    say(texts.cleared);
  },
  markdown() {
    save(`${fileName()}.md`, "text/markdown", conversation.markdown(texts));
  },
  async json() {
    const textOf = async (id) => asked.text ?? (await fetchArticle(asked.id === "*" ? id : asked.id)).text;
    save(`${fileName()}.json`, "application/json", await conversation.json(textOf));
  },
  print() {
    window.print();
  },
  theme() {
    const { dataset } = document.documentElement;
    // First what the system doesn't show, then what it does, then whatever it will.
    const [first, second] = matchMedia("(prefers-color-scheme: dark)").matches ? ["light", "dark"] : ["dark", "light"];
    const next = { undefined: first, [first]: second }[dataset.theme];
    if (next) dataset.theme = next;
    else delete dataset.theme;
    try {
      if (next) localStorage.setItem("theme", next);
      else localStorage.removeItem("theme");
    } catch {
      // It holds until the page is left.
    }
    say(texts[`theme_${next ?? "system"}`]);
  },
  keys() {
    get("keys").showModal();
  },
  add() {
    get("add").showModal();
  },
  close() {
    get("add").close();
  },
  remove(_turn, { dataset }) {
    new Conversation(shelf.find(dataset.id)).clear();
    shelf.remove(dataset.id);
    if (dataset.id === asked.id) location.assign("/");
    else {
      listOwn();
      document.querySelector(".library [data-action=add]").focus();
    }
    say(texts.removed);
  },
};

/** Copy a text; on another machine's address without HTTPS there is no clipboard but the old command. */
async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const put = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
  };
  document.addEventListener("copy", put, { once: true });
  document.execCommand("copy");
}

function fileName() {
  return asked.id === "*" ? "articles" : asked.id;
}

document.addEventListener("click", (event) => {
  const { target } = event;
  const turn = target.closest(".turn");
  const suggestion = target.closest(".suggestions a");
  const place = target.closest("[data-quote]");
  const actor = target.closest("[data-action]");
  const own = target.closest("#own a");
  if (suggestion) {
    event.preventDefault();
    field.value = suggestion.textContent;
    form.requestSubmit();
  } else if (place) {
    event.preventDefault();
    keepAndReveal(turn, place.dataset, true).catch(() => complain(texts.offline));
  } else if (own) {
    event.preventDefault();
    open(shelf.find(own.hash.slice(1)));
    // The list was made anew.
    document.querySelector("#own [aria-current]").focus();
  } else if (actor) {
    target.closest(".tools details")?.removeAttribute("open");
    Promise.resolve(ACTIONS[actor.dataset.action](turn, actor)).catch(() => complain(texts.offline));
  }
});

/** A part that is pointed at is marked as long as it is. */
for (const [come, go] of [
  ["pointerover", "pointerout"],
  ["focusin", "focusout"],
]) {
  turns.addEventListener(come, ({ target }) => {
    const part = target.closest(".part");
    if (part) mark(part.closest(".turn"), part.dataset);
  });
  turns.addEventListener(go, ({ target }) => {
    if (target.closest(".part")) restore();
  });
}

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "ArrowUp" && !field.value && conversation.questions.length) {
    event.preventDefault();
    field.value = conversation.questions.at(-1);
    count();
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog");
  if (event.key === "Escape") {
    document.querySelector(".tools details[open]")?.removeAttribute("open");
    keep(null);
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.key === "/") {
      event.preventDefault();
      field.focus();
    } else if (event.key === "?") ACTIONS.keys();
  }
});

/** Show what was asked before. */
function showConversation() {
  kept = null;
  turns.replaceChildren();
  forgetFollowUps();
  const shown = conversation.replies.map(show);
  if (shown.length) keepAndReveal(shown.at(-1), { quote: 0 }).catch(() => complain(texts.offline));
  else mark(null);
  turns.scrollTop = turns.scrollHeight;
  suggest();
  count();
}

const opened = shelf.find(location.hash.slice(1));
// A question in the address comes last.
if (page.reply) {
  const last = conversation.replies.at(-1);
  if (last?.question !== page.reply.question) conversation.add(page.reply);
  history.replaceState(null, "", `/?${new URLSearchParams(addressOf(asked))}`);
}
listOwn();
if (opened) open(opened);
else {
  showConversation();
  // On a narrow page it lies below the article.
  if (page.reply) turns.lastElementChild.scrollIntoView({ block: "start" });
}
