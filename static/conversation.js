// The conversation: kept in the browser, one an article, and written out for others.

const MOST = 100;

export class Conversation {
  #key;

  constructor(article) {
    this.article = article;
    this.#key = `conversation ${article.id}`;
    /** Replies of the service, oldest first. */
    this.replies = [];
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "{}");
      // The marks of another version of the text would be wrong.
      if (kept.digest === article.digest) this.replies = kept.replies;
    } catch {
      // What another version of the page wrote is not read.
    }
  }

  get questions() {
    return this.replies.map((reply) => reply.question);
  }

  add(reply) {
    this.replies = [...this.replies, reply].slice(-MOST);
    this.#keep();
  }

  clear() {
    this.replies = [];
    this.#keep();
  }

  /** Where the text of a span is: an own text is in this browser only, and has a name, no place. */
  #sourceOf(span) {
    if (this.article.text !== undefined) return `urn:x-${this.article.id}`;
    return new URL(`/api/articles/${encodeURIComponent(span.article_id)}`, location.href).href;
  }

  #keep() {
    try {
      localStorage.setItem(this.#key, JSON.stringify({ digest: this.article.digest, replies: this.replies }));
    } catch {
      // A browser that keeps nothing still shows the conversation.
    }
  }

  markdown(texts) {
    const turns = this.replies.map((reply) => describe(reply, this.article, texts));
    return `${[`# ${this.article.title}`, ...turns].join("\n\n")}\n`;
  }

  /** The replies, and W3C Web Annotations that find every answer and quote in what `textOf(id)` gives. */
  async json(textOf) {
    const annotations = [];
    for (const reply of this.replies) {
      for (const span of [...reply.parts, ...(reply.answered ? reply.quotes : [])]) {
        annotations.push({
          "@context": "http://www.w3.org/ns/anno.jsonld",
          type: "Annotation",
          motivation: "highlighting",
          body: { type: "TextualBody", value: reply.question },
          target: { source: this.#sourceOf(span), selector: select(span, await textOf(span.article_id)) },
        });
      }
    }
    const { id, title } = this.article;
    return JSON.stringify({ article: { id, title }, replies: this.replies, annotations }, null, 2);
  }
}

/** The W3C's selectors of a span of a text. */
function select({ start, end }, text) {
  const points = [...text];
  const cut = (from, to) => points.slice(Math.max(0, from), to).join("");
  return [
    { type: "TextPositionSelector", start, end },
    { type: "TextQuoteSelector", exact: cut(start, end), prefix: cut(start - 32, start), suffix: cut(end, end + 32) },
  ];
}

/** A reply in Markdown: the question, the answer, the quotes and where they are. */
export function describe(reply, article, texts) {
  const quotes = reply.quotes.map(({ text, start, end, title }) => {
    const place = texts.characters.replace("{start}", start).replace("{end}", end);
    return `> ${text.replace(/\s+/g, " ")}\n>\n> — ${article.id === "*" ? title : article.title}, ${place}`;
  });
  const answer = reply.answer.replace(/\n/g, "  \n");
  return [`**${reply.question}**`, answer, ...(reply.answered ? [] : [`${texts.closest}:`]), ...quotes].join("\n\n");
}

/** Let the browser save `text` as a file. */
export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
