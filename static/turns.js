// A turn of the conversation: the question, its answer part by part, and the quotes that prove it.

import { fillWithAnswers } from "./marks.js";

function fill(element, text, language) {
  element.textContent = text;
  if (language) element.lang = language;
  element.hidden = false;
}

/** What an answer to each ask is made of: [{label, parts}], in the order asked. */
function group(parts) {
  const rows = new Map();
  for (const part of parts) {
    const key = `${part.asks} ${part.label}`;
    rows.set(key, [...(rows.get(key) ?? []), part]);
  }
  return [...rows.values()];
}

function makeRow(label, language) {
  const row = document.createElement("div");
  const term = document.createElement("dt");
  const said = document.createElement("dd");
  fill(term, label, language);
  row.append(term, said);
  return [row, said];
}

function makePart(part, language) {
  const link = document.createElement("a");
  link.className = "part";
  link.href = `#mark-${part.quote}`;
  Object.assign(link.dataset, { quote: part.quote, answer: part.start });
  fill(link, part.text, language);
  return link;
}

/** Make the turn of `reply`, in the words of `page` (texts, article). */
export function makeTurn(reply, page) {
  const { texts, article, sure: steps } = page;
  const language = article.language ?? "";
  const turn = document.querySelector("#turn").content.firstElementChild.cloneNode(true);
  const find = (name) => turn.querySelector(name);
  fill(find(".asked"), reply.question, reply.language);
  if (reply.resolved_question !== reply.question) {
    fill(find(".understood q"), reply.resolved_question, reply.language);
    find(".understood").hidden = false;
  }
  const list = find(".parts");
  for (const parts of group(reply.parts)) {
    const [row, said] = makeRow(parts[0].label, reply.language);
    if (parts[0].asks === "yes/no") fill(said, reply.quotes[parts[0].quote].text, language);
    else parts.forEach((part, index) => said.append(index ? ", " : "", makePart(part, language)));
    const sure = document.createElement("span");
    sure.className = "sure";
    sure.textContent = texts[steps.find(([least]) => parts[0].confidence >= least)[1]];
    said.append(" ", sure);
    list.append(row);
  }
  // A conversation that an earlier version kept has only their kinds.
  for (const label of reply.missing_labels ?? reply.missing) {
    const [row, said] = makeRow(label, reply.language);
    row.className = "untold";
    said.textContent = texts.untold;
    list.append(row);
  }
  list.hidden = reply.answered ? list.children.length === 0 : true;
  if (!reply.answered) fill(find(".refusal"), reply.answer, reply.language);
  const several = reply.quotes.length > 0;
  fill(find(".quotes-label"), reply.answered ? texts.quotes : texts.closest);
  find(".quotes-label").hidden = !several;
  turn.classList.toggle("refused", !reply.answered);
  reply.quotes.forEach((quote, index) => {
    const card = document.querySelector("#quote").content.firstElementChild.cloneNode(true);
    const link = card.querySelector("a");
    const answers = reply.parts.filter((part) => part.quote === index);
    link.href = `#mark-${index}`;
    link.dataset.quote = index;
    link.lang = language;
    card.querySelector(".number").textContent = index + 1;
    if (article.id === "*") fill(card.querySelector("cite"), quote.title);
    fillWithAnswers(card.querySelector("q"), quote.text, quote.start, answers);
    find(".quotes").append(card);
  });
  find(".link").href = `/?${new URLSearchParams({ question: reply.resolved_question, ...addressOf(article) })}`;
  // An own text is in this browser only.
  find(".link").hidden = article.text !== undefined;
  return turn;
}

/** What names, in an address of the page, what is asked. */
export function addressOf(article) {
  return article.id === "*" ? { all: 1 } : { article_id: article.id };
}

/** What to mark in the article for `reply`. */
export function quotesOf(reply, texts) {
  return reply.quotes.map((quote, index) => ({
    index,
    article_id: quote.article_id,
    text: quote.text,
    start: quote.start,
    end: quote.end,
    answers: reply.parts.filter((part) => part.quote === index),
    closest: !reply.answered,
    label: reply.answered ? texts.quote_number.replace("{number}", index + 1) : texts.closest,
  }));
}
