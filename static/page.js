// The chat page: asks the JSON endpoint, shows answers and quotes, and marks them in the article.

import { Conversation, describe, save } from "./conversation.js";
import { markQuotes } from "./marks.js";
import { codePoints } from "./offsets.js";
import { makeTurn, quotesOf } from "./turns.js";

const page = JSON.parse(document.querySelector("#page").textContent);
const { texts } = page;
const get = (id) => document.getElementById(id);
const [turns, form, field, status, problem, retry, counter] =
  ["turns", "ask", "question", "status", "problem", "retry", "counter"].map(get);
const button = form.querySelector("[type=submit]");
const article = document.querySelector("article");
const conversation = new Conversation(page.article);
// A wait shorter than this needs no word.
const WORKING_AFTER_MS = 150;
// How many characters are left is said from here on.
const COUNTED_FROM = 80;
const HISTORY = 20;
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
  markQuotes(article, turn ? quotesOf(replies.get(turn), texts) : []);
  for (const old of document.querySelectorAll("[aria-current], .pointed")) {
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
  const turn = makeTurn(reply, page);
  replies.set(turn, reply);
  turns.append(turn);
  return turn;
}

function post(address, question, history) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question, history: history.slice(-HISTORY), article_id: page.article.id }),
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
  const working = setTimeout(() => say(texts.working), WORKING_AFTER_MS);
  button.disabled = true;
  form.setAttribute("aria-busy", "true");
  try {
    const reply = await send(question);
    const turn = show(reply);
    conversation.add(reply);
    field.value = "";
    turn.scrollIntoView({ block: "nearest" });
    reveal(keep(turn, { quote: 0 }));
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
  for (const question of suggestions.reverse()) {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    entry.className = "follow-up";
    link.href = `/?${new URLSearchParams({ question, article_id: page.article.id })}`;
    link.lang = reply.language;
    link.textContent = question;
    entry.append(link);
    document.querySelector(".suggestions ul").prepend(entry);
  }
  suggest();
}

function forgetFollowUps() {
  for (const entry of document.querySelectorAll(".follow-up")) entry.remove();
}

/** Suggest what wasn't asked yet. */
function suggest() {
  for (const link of document.querySelectorAll(".suggestions li:not(.follow-up) a")) {
    link.parentElement.hidden = conversation.questions.includes(link.textContent);
  }
  const suggestions = document.querySelector(".suggestions");
  suggestions.hidden = !suggestions.querySelector("li:not([hidden])");
}

// What people do ---------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = field.value.trim();
  if (question && !button.disabled) ask(question);
});

retry.addEventListener("click", () => form.requestSubmit());
field.addEventListener("input", count);

const ACTIONS = {
  async copy(turn) {
    await navigator.clipboard.writeText(describe(replies.get(turn), page.article, texts));
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
    save(`${page.article.id}.md`, "text/markdown", conversation.markdown(texts));
  },
  async json() {
    const { text } = await (await fetch(`/api/articles/${encodeURIComponent(page.article.id)}`)).json();
    save(`${page.article.id}.json`, "application/json", conversation.json(text));
  },
  print() {
    window.print();
  },
  theme() {
    const { dataset } = document.documentElement;
    const [next] = { undefined: ["dark"], dark: ["light"], light: [] }[dataset.theme];
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
};

document.addEventListener("click", (event) => {
  const { target } = event;
  const turn = target.closest(".turn");
  const suggestion = target.closest(".suggestions a");
  const place = target.closest("[data-quote]");
  const action = target.closest("[data-action]")?.dataset.action;
  if (suggestion) {
    event.preventDefault();
    field.value = suggestion.textContent;
    form.requestSubmit();
  } else if (place) {
    event.preventDefault();
    reveal(keep(turn, place.dataset), true);
  } else if (action) {
    target.closest("details")?.removeAttribute("open");
    Promise.resolve(ACTIONS[action](turn)).catch(() => complain(texts.offline));
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
    document.querySelector("details[open]")?.removeAttribute("open");
    keep(null);
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.key === "/") {
      event.preventDefault();
      field.focus();
    } else if (event.key === "?") ACTIONS.keys();
  }
});

get("article-id")?.addEventListener("change", ({ target }) => target.form.requestSubmit());

// What was asked before; a question in the address comes last.
turns.replaceChildren();
if (page.reply) {
  const last = conversation.replies.at(-1);
  if (last?.question !== page.reply.question) conversation.add(page.reply);
  history.replaceState(null, "", `/?${new URLSearchParams({ article_id: page.article.id })}`);
}
const shown = conversation.replies.map(show);
if (shown.length) reveal(keep(shown.at(-1), { quote: 0 }));
turns.scrollTop = turns.scrollHeight;
suggest();
count();
