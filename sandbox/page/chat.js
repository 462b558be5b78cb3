// A chat window: one person's Telegram with the bot.
import * as api from "./api.js";
import { bubble, preview } from "./bubbles.js";
import { make, paintAvatar } from "./dom.js";
import { dayKey, day, say, t, translate } from "./texts.js";

const TOAST_MS = 3500;
const BUSY_MS = 8000;
const NEAR_BOTTOM = 120;

export class Chat {
  constructor(person, bot, { onClose, onRead }) {
    this.person = person;
    this.bot = bot;
    this.onRead = onRead;
    this.messages = new Map();
    this.commands = [];
    this.act = (text) => this.try(() => api.send(this.person.id, text));
    this.root = document.getElementById("chat-template").content.firstElementChild.cloneNode(true);
    this.log = this.find(".log");
    this.composer = this.find(".composer");
    this.input = this.find("textarea");
    this.menu = this.find(".commands");
    this.wire(onClose);
    this.setPerson(person);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  wire(onClose) {
    for (const button of this.root.querySelectorAll(".back, .close")) button.addEventListener("click", onClose);
    this.find(".block").addEventListener("click", () => this.try(() => api.setBlocked(this.person.id, !this.blocked)).then(() => this.load()));
    this.find(".slash").addEventListener("click", () => this.toggleMenu());
    this.find(".attach input").addEventListener("change", (event) => this.attach(event.target));
    this.composer.addEventListener("submit", (event) => this.submit(event));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    });
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.dismiss());
    this.root.addEventListener("keydown", (event) => this.walkMenu(event));
    new ResizeObserver(() => this.low && this.toBottom()).observe(this.log);
    this.log.addEventListener("scroll", () => { this.low = this.isLow(); });
  }

  setPerson(person) {
    this.person = person;
    this.root.setAttribute("aria-label", t("chat_of", { name: person.name }));
    this.find(".name").textContent = person.name;
    paintAvatar(this.find(".avatar"), person.name);
    this.showSubtitle();
    this.showInvitation();
  }

  translate() {
    translate(this.root);
    this.setPerson(this.person);
    this.showBlock();
    this.draw();
  }

  async load() {
    let view;
    do { // an event that overtakes the answer makes it old
      this.overtaken = false;
      view = await api.getChat(this.person.id);
    } while (this.overtaken);
    this.messages = new Map(view.messages.map((message) => [message.id, message]));
    Object.assign(this, { commands: view.commands, description: view.description, blocked: view.blocked });
    this.translate();
    this.toBottom();
  }

  draw() {
    this.log.replaceChildren();
    this.lastDay = null;
    for (const message of this.messages.values()) this.put(message);
    if (!this.messages.size) this.log.append(this.welcome());
    this.showInvitation();
  }

  // Touches one message alone: what is being read or pressed elsewhere stays as it is.
  put(message) {
    const shown = this.log.querySelector(`[data-id="${message.id}"]`);
    if (shown) return shown.replaceWith(bubble(message, this));
    if (dayKey(message.at) !== this.lastDay) this.log.append(make("p", { class: "day" }, make("span", {}, day(message.at))));
    this.lastDay = dayKey(message.at);
    return this.log.append(bubble(message, this));
  }

  welcome() {
    const links = this.person.links.map((link) =>
      make("button", { type: "button", class: "button primary", onclick: () => this.act(`/start ${link.token}`) },
        t("open_invitation"), make("small", {}, say(link.label))));
    const start = make("button", { type: "button", class: "button primary", onclick: () => this.act("/start") }, t("start"));
    return make("div", { class: "welcome" },
      make("img", { src: "/page/icon.svg", alt: "", width: 64, height: 64 }),
      make("h3", {}, this.bot.name),
      this.description ? make("p", { class: "about" }, make("strong", {}, t("bot_does")), this.description) : null,
      ...(links.length ? links : [start]));
  }

  unopened() {
    const said = new Set([...this.messages.values()].filter((message) => message.mine).map((message) => message.text));
    return this.person.links.filter((link) => !said.has(`/start ${link.token}`));
  }

  showInvitation() {
    const banner = this.find(".invitation");
    const links = this.unopened();
    banner.hidden = !this.messages.size || !links.length;
    banner.replaceChildren(...links.map((link) =>
      make("button", { type: "button", class: "button primary", onclick: () => this.act(`/start ${link.token}`) },
        t("open_invitation"), make("small", {}, say(link.label)))));
  }

  showSubtitle(typing = false) {
    const line = this.find(".subtitle");
    line.textContent = typing ? t("typing") : say(this.person.subtitle);
    line.classList.toggle("typing", typing);
  }

  showBlock() {
    const button = this.find(".block");
    button.setAttribute("aria-pressed", String(this.blocked));
    button.title = t(this.blocked ? "unblock" : "block");
    button.setAttribute("aria-label", button.title);
    this.root.classList.toggle("blocked", this.blocked);
    this.find(".slash").setAttribute("aria-label", t("commands"));
    this.find(".slash").hidden = !this.commands.length;
  }

  dismiss() {
    this.toggleMenu(false);
    this.closeAlert();
  }

  isLow() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_BOTTOM;
  }

  toBottom() {
    this.low = true;
    this.log.scrollTop = this.log.scrollHeight;
    this.read();
  }

  read() {
    const newest = Math.max(0, ...this.messages.keys());
    if (this.person.unread && newest) this.try(() => api.markRead(this.person.id, newest)).then(this.onRead);
  }

  quoted(id) {
    return preview(this.messages.get(id));
  }

  onMessage(message) {
    this.overtaken = true;
    const fresh = !this.messages.has(message.id);
    const follow = this.low || message.mine;
    if (!this.messages.size) this.log.replaceChildren();
    this.messages.set(message.id, message);
    this.showSubtitle();
    this.put(message);
    this.showInvitation();
    if (fresh) this.log.lastElementChild.classList.add("fresh");
    if (follow) this.toBottom();
    if (fresh && !message.mine) this.person.unread += 1;
    this.read();
  }

  onDeleted(id) {
    this.overtaken = true;
    this.messages.delete(id);
    this.draw();
  }

  onTyping(seconds) {
    this.showSubtitle(true);
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.showSubtitle(), seconds * 1000);
  }

  onAnswer({ text, alert }) {
    for (const key of this.log.querySelectorAll("[aria-busy]")) key.removeAttribute("aria-busy");
    if (text) alert ? this.alert(text) : this.toast(text);
  }

  toast(text) {
    const toast = this.find(".toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, TOAST_MS);
  }

  alert(text) {
    const button = make("button", { type: "button", class: "button primary", onclick: () => this.closeAlert() }, t("ok"));
    const dialog = make("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": text }, make("p", {}, text), button);
    this.closeAlert();
    this.root.append(make("div", { class: "cover" }, dialog));
    button.focus();
  }

  closeAlert() {
    this.find(".cover")?.remove();
  }

  async try(action) {
    try {
      return await action();
    } catch (error) {
      this.toast(t("failed", { reason: error.message }));
      return null;
    }
  }

  async press(message, key) {
    setTimeout(() => this.onAnswer({}), BUSY_MS);
    await this.try(() => api.press(this.person.id, message.id, key.data));
  }

  submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.typed();
    this.act(text);
  }

  async attach(field) {
    const [file] = field.files;
    field.value = "";
    if (file) await this.try(() => api.sendFile(this.person.id, file));
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    this.toggleMenu(/^\/\w*$/.test(this.input.value), this.input.value.slice(1));
  }

  toggleMenu(shown = this.menu.hidden, prefix = "") {
    const offered = this.commands.filter((item) => item.command.startsWith(prefix));
    this.menu.hidden = !shown || !offered.length;
    this.find(".slash").setAttribute("aria-expanded", String(!this.menu.hidden));
    this.menu.replaceChildren(...offered.map((item) => make("li", { role: "none" },
      make("button", { type: "button", role: "menuitem", onclick: () => this.choose(item) },
        make("b", {}, `/${item.command}`), make("span", {}, item.description)))));
  }

  walkMenu(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || this.menu.hidden) return;
    event.preventDefault();
    const items = [...this.menu.querySelectorAll("button")];
    const next = items.indexOf(document.activeElement) + step;
    (items.at(next) && next >= 0 ? items[next] : this.input).focus();
  }

  choose(item) {
    this.input.value = "";
    this.typed();
    this.act(`/${item.command}`);
  }
}
