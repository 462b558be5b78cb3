// The page as a whole: who is in the list, which chats are open, what to redraw when something happens.
import * as api from "./api.js";
import { Chat } from "./chat.js";
import { make } from "./dom.js";
import { drawClock, serviceNow, setClock, setForm, wireClock, wireForm } from "./panel.js";
import { drawPeople } from "./people.js";
import { LANGUAGES, language, setLanguage, setZone, translate } from "./texts.js";

const REFRESH_MS = 5000;
const SETTLE_MS = 300;
const NARROW = matchMedia("(max-width: 819px)");
const ROOMY = matchMedia("(min-width: 1101px)");
const id = (name) => document.getElementById(name);
const chats = new Map();
const state = { bot: { name: "", username: "" }, people: [], filter: "", form: null };

function showView(view) {
  document.body.dataset.view = view;
}

function draw() {
  drawPeople(id("groups"), state.people, { filter: state.filter, open: chats, now: serviceNow(), onOpen: open });
  const unread = state.people.reduce((sum, person) => sum + person.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${state.bot.name} · ${id("chats").dataset.title}`;
  id("bot-name").textContent = `@${state.bot.username}`;
  id("hint").hidden = chats.size > 0;
}

async function refresh() {
  const view = await api.getState();
  Object.assign(state, { bot: view.bot, people: view.people, form: view.form });
  if (view.clock) {
    setZone(view.clock.offset);
    setClock(view.clock);
    drawClock();
  }
  const hasPanel = Boolean(view.clock || view.form);
  id("clock").hidden = !view.clock;
  id("clock-moves").hidden = !view.movable;
  id("panel-toggle").hidden = !hasPanel;
  if (!hasPanel) showPanel(false);
  setForm(view.form);
  for (const person of view.people) chats.get(person.id)?.setPerson(person);
  draw();
}

let settling = 0;

function refreshSoon() {
  clearTimeout(settling);
  settling = setTimeout(refresh, SETTLE_MS);
}

async function open(personId) {
  const person = state.people.find((item) => item.id === personId);
  if (!person) return;
  let chat = chats.get(personId);
  if (!chat) {
    chat = new Chat(person, state.bot, { onClose: () => close(personId), onRead: refreshSoon });
    chats.set(personId, chat);
    id("chats").append(chat.root);
    await chat.load();
  }
  showView("chat");
  for (const [other, { root }] of chats) root.classList.toggle("front", other === personId);
  chat.root.scrollIntoView({ block: "nearest", inline: "nearest" });
  chat.toBottom();
  if (!NARROW.matches) chat.input.focus({ preventScroll: true });
  remember();
  draw();
}

function close(personId) {
  chats.get(personId)?.root.remove();
  chats.delete(personId);
  showView("list");
  remember();
  draw();
}

const remember = () => sessionStorage.setItem("open", JSON.stringify([...chats.keys()]));

function onEvent(event) {
  const chat = chats.get(event.chat_id);
  if (event.kind === "message" && event.message) chat?.onMessage(event.message);
  if (event.kind === "deleted") chat?.onDeleted(event.message_id);
  if (event.kind === "typing") chat?.onTyping(event.seconds);
  if (event.kind === "answer") chat?.onAnswer(event);
  if (event.kind === "commands") for (const opened of chats.values()) opened.load();
  if (event.kind !== "typing") refreshSoon();
}

async function onOpen() {
  id("offline").hidden = true;
  await refresh();
  for (const chat of chats.values()) await chat.load();
}

function showPanel(shown) {
  id("panel").hidden = !shown;
  document.body.classList.toggle("with-panel", shown);
  id("panel-toggle").setAttribute("aria-expanded", String(shown));
  sessionStorage.setItem("panel", shown ? "shown" : "");
}

function chooseLanguage(code) {
  setLanguage(code);
  document.documentElement.lang = code;
  translate(document);
  id("chats").dataset.title = document.querySelector("[data-text=title]").textContent;
  for (const button of id("languages").children) button.setAttribute("aria-pressed", String(button.lang === code));
  for (const chat of chats.values()) chat.translate();
  if (state.form) setForm(state.form, true);
  drawClock();
  draw();
}

function wire() {
  id("languages").append(...Object.entries(LANGUAGES).map(([code, name]) =>
    make("button", { type: "button", lang: code, onclick: () => chooseLanguage(code) }, name)));
  id("filter").addEventListener("input", (event) => {
    state.filter = event.target.value.trim().toLowerCase();
    draw();
  });
  id("panel-toggle").addEventListener("click", () => showPanel(id("panel").hidden));
  id("panel-close").addEventListener("click", () => showPanel(false));
  wireClock(refreshSoon);
  wireForm(refreshSoon);
  setInterval(drawClock, 1000);
  setInterval(() => document.hidden || refresh().catch(() => {}), REFRESH_MS);
}

async function begin() {
  wire();
  chooseLanguage(language());
  showPanel(ROOMY.matches && (sessionStorage.getItem("panel") ?? "shown") === "shown");
  await refresh();
  const remembered = JSON.parse(sessionStorage.getItem("open") ?? "[]");
  for (const personId of NARROW.matches ? [] : remembered) await open(personId);
  api.listen({ onOpen, onEvent, onLost: () => { id("offline").hidden = false; } });
}

begin();
