// Text with entities as DOM. Offsets are UTF-16 code units, as JavaScript counts too.
import { make } from "./dom.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

const BLOCKS = new Set(["pre", "blockquote"]); // a block ends its line by itself

// `act(text)` sends a message as the reader: a tapped command, a tapped start link.
export function rich(text, entities, bot, act) {
  const root = document.createDocumentFragment();
  fill(root, text, 0, text.length, [...entities], { bot, act });
  return root;
}

function fill(parent, text, start, end, entities, context) {
  let at = start;
  while (entities.length && entities[0].offset < end) {
    const entity = entities.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    parent.append(text.slice(at, from));
    const element = wrap(entity, text.slice(from, to), context);
    fill(element, text, from, to, entities, context);
    parent.append(element);
    at = BLOCKS.has(element.localName) && text[to] === "\n" ? to + 1 : to;
  }
  parent.append(text.slice(at, end));
}

function wrap(entity, covered, { bot, act }) {
  if (entity.type in TAGS) return make(TAGS[entity.type]);
  switch (entity.type) {
    case "spoiler":
      return make("span", { class: "spoiler", role: "button", tabindex: "0", onclick: reveal, onkeydown: revealByKey });
    case "bot_command":
      return make("button", { type: "button", class: "link", onclick: () => act(covered) });
    case "text_link":
    case "url":
      return link(entity.url ?? covered, bot, act);
    case "email":
      return make("a", { href: `mailto:${covered}` });
    default:
      return make("span", { class: "tag" });
  }
}

const reveal = (event) => event.currentTarget.classList.add("revealed");
const revealByKey = (event) => (event.key === "Enter" || event.key === " ") && reveal(event);

export function link(address, bot, act) {
  const token = startToken(address, bot);
  if (token !== null) {
    return make("button", { type: "button", class: "link", onclick: () => act(`/start ${token}`.trim()) });
  }
  const url = parse(address);
  if (!url) return make("span", { class: "tag" });
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" });
}

function parse(address) {
  try {
    const url = new URL(/^\w+:/.test(address) ? address : `https://${address}`);
    return ["https:", "http:", "tg:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

// The token of a link to this bot, "" where it has none, null for any other link.
export function startToken(address, bot) {
  const url = parse(address);
  if (!url) return null;
  const name = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.slice(1);
  const ours = url.protocol === "tg:" || ["t.me", "telegram.me"].includes(url.hostname);
  if (!ours || name?.toLowerCase() !== bot.username.toLowerCase()) return null;
  return url.searchParams.get("start") ?? "";
}
