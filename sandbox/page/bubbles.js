// One message: bubble, attachment, buttons.
import { fileAddress } from "./api.js";
import { icon, make, size } from "./dom.js";
import { link, rich, startToken } from "./entities.js";
import { t, time } from "./texts.js";

// `chat` offers bot, act(text), press(message, key), toast(text) and quoted(id).
export function bubble(message, chat) {
  const row = make("article", { class: message.mine ? "message mine" : "message", "data-id": message.id });
  const body = make("div", { class: "bubble" });
  if (message.reply_to) body.append(make("p", { class: "quote" }, chat.quoted(message.reply_to)));
  if (message.file) body.append(attachment(message.file));
  if (message.text) {
    body.append(make("div", { class: "text" }, rich(message.text, message.entities, chat.bot, chat.act), stamp(message)));
  } else {
    body.append(stamp(message));
  }
  row.append(body);
  if (message.keyboard.length) row.append(keyboard(message, chat));
  return row;
}

function stamp(message) {
  const edited = message.edited && !message.mine ? `${t("edited")} ` : "";
  return make("span", { class: "stamp" }, `${edited}${time(message.at)}`);
}

function attachment(file) {
  const address = fileAddress(file);
  if (file.kind === "photo") {
    return make("a", { href: address, target: "_blank", class: "picture" }, make("img", { src: address, alt: file.name, width: file.width, height: file.height }));
  }
  if (file.kind === "sticker") return make("span", { class: "file" }, t("sticker"));
  const label = file.kind === "voice" ? t("voice") : file.name;
  return make(
    "a", { href: address, download: file.name, class: "file", "aria-label": t("download", { name: label }) },
    make("span", { class: "file-icon" }, icon("file")),
    make("span", { class: "file-text" }, make("span", { class: "file-name" }, label), make("small", {}, size(file.size))),
  );
}

function keyboard(message, chat) {
  return make("div", { class: "keyboard", role: "group" }, ...message.keyboard.map(
    (row) => make("div", { class: "keys" }, ...row.map((key) => keyElement(message, key, chat))),
  ));
}

function keyElement(message, key, chat) {
  const attributes = { class: "key", "data-style": key.style };
  if (key.url && startToken(key.url, chat.bot) === null) {
    const element = link(key.url, chat.bot, chat.act);
    element.className = "key";
    element.append(key.text, icon("link"));
    return element;
  }
  const onclick = (event) => useKey(event.currentTarget, message, key, chat);
  return make("button", { ...attributes, type: "button", onclick }, key.text);
}

async function useKey(element, message, key, chat) {
  if (key.url) return chat.act(`/start ${startToken(key.url, chat.bot)}`.trim());
  if (key.copy) {
    await navigator.clipboard.writeText(key.copy);
    return chat.toast(t("copied"));
  }
  element.setAttribute("aria-busy", "true");
  return chat.press(message, key);
}

export function preview(message) {
  if (!message) return "";
  return message.text || (message.file ? t("file") : "");
}
