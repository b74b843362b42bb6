// The chat page: asks the JSON endpoint, shows answers and quotes, and marks them in the article.

import { fillWithAnswers, markQuotes } from "./marks.js";

const article = document.querySelector("article");
const turns = document.querySelector("#turns");
const form = document.querySelector("#ask");
const field = document.querySelector("#question");
const button = form.querySelector("button");
const status = document.querySelector("#status");
// A wait shorter than this needs no word.
const WORKING_AFTER_MS = 150;
// As in page.css.
const SIDE_BY_SIDE = matchMedia("(min-width: 52.01rem) and (min-height: 30rem)");

/** The questions of this conversation; the service keeps none. */
const asked = [...turns.querySelectorAll("[data-question]")].map((turn) => turn.dataset.question);

class Refused extends Error {}

async function ask(question) {
  const reply = await fetch("/api/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question, history: asked.slice(-20), article_id: article.dataset.article }),
  });
  if (reply.status === 429) {
    throw new Refused(status.dataset.wait.replace("{seconds}", reply.headers.get("Retry-After")));
  }
  if (!reply.ok) throw new Refused((await reply.json()).detail);
  return reply.json();
}

function fill(element, text, language) {
  element.textContent = text;
  element.lang = language;
  element.hidden = false;
}

function show(reply) {
  const turn = document.querySelector("#turn").content.firstElementChild.cloneNode(true);
  fill(turn.querySelector(".asked"), reply.question, reply.language);
  if (reply.resolved_question !== reply.question) {
    fill(turn.querySelector(".understood q"), reply.resolved_question, reply.language);
    turn.querySelector(".understood").hidden = false;
  }
  const said = turn.querySelector(reply.answered ? ".said" : ".refusal");
  // An answer is the article's words, a refusal ours.
  fill(said, reply.answer, reply.answered ? article.lang : reply.language);
  turn.querySelector(".quotes-label").hidden = !reply.answered;
  reply.quotes.forEach((quote, index) => {
    const answers = reply.parts.filter((part) => part.quote === index);
    const card = document.querySelector("#quote").content.firstElementChild.cloneNode(true);
    const link = card.querySelector("a");
    const ranges = answers.map(({ start, end }) => ({ start, end }));
    Object.assign(link.dataset, { start: quote.start, end: quote.end, answers: JSON.stringify(ranges) });
    link.lang = article.lang;
    fillWithAnswers(card.querySelector("q"), quote.text, quote.start, ranges);
    turn.querySelector(".quotes").append(card);
  });
  turns.append(turn);
  turn.scrollIntoView({ block: "nearest" });
  const mark = choose(turn.querySelector(".quotes a"), turn);
  // Where the article has a column of its own, bringing the mark into view takes nothing else out of it.
  if (SIDE_BY_SIDE.matches) mark?.scrollIntoView({ block: "center" });
}

/** Mark the quotes of a turn in the article, one of them chosen. Without a quote, no mark is left over. */
function choose(chosen, turn) {
  for (const link of turns.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
  const links = [...turn.querySelectorAll(".quotes a")];
  const quotes = links.map(({ dataset }) => ({
    start: Number(dataset.start),
    end: Number(dataset.end),
    answers: JSON.parse(dataset.answers),
  }));
  const mark = markQuotes(article, quotes, links.indexOf(chosen));
  chosen?.setAttribute("aria-current", "true");
  return mark;
}

async function submit(question) {
  const working = setTimeout(() => {
    status.textContent = status.dataset.working;
  }, WORKING_AFTER_MS);
  button.disabled = true;
  try {
    const reply = await ask(question);
    show(reply);
    asked.push(reply.question);
    field.value = "";
    status.textContent = reply.answered ? status.dataset.answered : status.dataset.refused;
  } catch (error) {
    // What was typed stays in the field.
    status.textContent = error instanceof Refused ? error.message : status.dataset.offline;
  } finally {
    clearTimeout(working);
    button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = field.value.trim();
  if (question && !button.disabled) submit(question);
});

document.addEventListener("click", (event) => {
  const suggestion = event.target.closest(".suggestions a");
  const quote = event.target.closest(".quotes a");
  if (suggestion) {
    event.preventDefault();
    field.value = suggestion.dataset.question;
    form.requestSubmit();
  } else if (quote) {
    event.preventDefault();
    choose(quote, quote.closest(".turn")).scrollIntoView({ block: "center" });
  }
});
