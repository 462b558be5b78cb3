// Texts of the page, Russian first. What comes from outside is a string or one string per language.
const TEXTS = {
  ru: {
    title: "Песочница", people: "Люди", respondents: "Респонденты", staff: "Сотрудники", search: "Поиск",
    language: "Язык страницы", panel: "События и часы", close: "Закрыть", back: "К списку",
    hint: "Выберите человека: откроется его Telegram",
    hint_more: "Чатов рядом может быть несколько, в каждом вы играете за его хозяина",
    nobody: "Никого не нашлось", unread: "непрочитанных: {n}", file: "Файл", quiet: "Ещё не писал боту",
    bot_does: "Что умеет этот бот?", start: "Начать", open_invitation: "Открыть приглашение",
    message: "Сообщение", send: "Отправить", attach: "Прикрепить файл", commands: "Команды бота",
    typing: "печатает…", edited: "изменено", copied: "Скопировано", chat_of: "Telegram: {name}", ok: "Понятно",
    block: "Заблокировать бота", unblock: "Разблокировать бота", blocked: "Бот заблокирован",
    service_joined: "Бот добавлен в группу", voice: "Голосовое сообщение", sticker: "Стикер", download: "Скачать: {name}",
    clock: "Часы сервиса", plus_hour: "+1 час", plus_day: "+1 день", plus_week: "+7 дней",
    move_by: "Вперёд на", unit: "Единица", minutes: "минут", hours: "часов", days: "дней", move: "Перевести",
    moving: "Часы идут вперёд…", moved: "Готово, часы переведены",
    event: "Событие поддержки", event_hint: "Так о событии сообщила бы система поддержки клиента.",
    type: "Что произошло", account: "Клиент", project: "Проект", person: "Кого касается",
    not_chosen: "Не выбрано", report: "Сообщить о событии", failed: "Не получилось: {reason}",
    offline: "Связь с песочницей потеряна, подключаемся снова…", today: "Сегодня",
  },
  en: {
    title: "Sandbox", people: "People", respondents: "Respondents", staff: "Staff", search: "Search",
    language: "Page language", panel: "Events and clock", close: "Close", back: "Back to the list",
    hint: "Pick a person to open their Telegram",
    hint_more: "Open several chats side by side and play each person in turn",
    nobody: "Nobody found", unread: "unread: {n}", file: "File", quiet: "Has not written to the bot yet",
    bot_does: "What can this bot do?", start: "Start", open_invitation: "Open the invitation",
    message: "Message", send: "Send", attach: "Attach a file", commands: "Bot commands",
    typing: "typing…", edited: "edited", copied: "Copied", chat_of: "Telegram of {name}", ok: "OK",
    block: "Block the bot", unblock: "Unblock the bot", blocked: "The bot is blocked",
    service_joined: "The bot joined the group", voice: "Voice message", sticker: "Sticker", download: "Download {name}",
    clock: "Service clock", plus_hour: "+1 hour", plus_day: "+1 day", plus_week: "+7 days",
    move_by: "Forward by", unit: "Unit", minutes: "minutes", hours: "hours", days: "days", move: "Move",
    moving: "Moving the clock…", moved: "Done, the clock has moved",
    event: "Support event", event_hint: "The way a client’s helpdesk would report it.",
    type: "What happened", account: "Client", project: "Project", person: "Who it concerns",
    not_chosen: "Not chosen", report: "Report the event", failed: "That did not work: {reason}",
    offline: "Lost the sandbox, reconnecting…", today: "Today",
  },
  uk: {
    title: "Пісочниця", people: "Люди", respondents: "Респонденти", staff: "Співробітники", search: "Пошук",
    language: "Мова сторінки", panel: "Події та годинник", close: "Закрити", back: "До списку",
    hint: "Оберіть людину: відкриється її Telegram",
    hint_more: "Поруч може бути кілька чатів, у кожному ви граєте за його власника",
    nobody: "Нікого не знайдено", unread: "непрочитаних: {n}", file: "Файл", quiet: "Ще не писали боту",
    bot_does: "Що вміє цей бот?", start: "Почати", open_invitation: "Відкрити запрошення",
    message: "Повідомлення", send: "Надіслати", attach: "Прикріпити файл", commands: "Команди бота",
    typing: "друкує…", edited: "змінено", copied: "Скопійовано", chat_of: "Telegram: {name}", ok: "Зрозуміло",
    block: "Заблокувати бота", unblock: "Розблокувати бота", blocked: "Бота заблоковано",
    service_joined: "Бота додано до групи", voice: "Голосове повідомлення", sticker: "Стікер", download: "Завантажити: {name}",
    clock: "Годинник сервісу", plus_hour: "+1 година", plus_day: "+1 день", plus_week: "+7 днів",
    move_by: "Вперед на", unit: "Одиниця", minutes: "хвилин", hours: "годин", days: "днів", move: "Перевести",
    moving: "Годинник іде вперед…", moved: "Готово, годинник переведено",
    event: "Подія підтримки", event_hint: "Так про подію повідомила б система підтримки клієнта.",
    type: "Що сталося", account: "Клієнт", project: "Проєкт", person: "Кого стосується",
    not_chosen: "Не обрано", report: "Повідомити про подію", failed: "Не вдалося: {reason}",
    offline: "Зв’язок із пісочницею втрачено, під’єднуємося знову…", today: "Сьогодні",
  },
};

export const LANGUAGES = { ru: "Русский", en: "English", uk: "Українська" };

let current = localStorage.getItem("language") in TEXTS ? localStorage.getItem("language") : "ru";
let zoneMinutes = -new Date().getTimezoneOffset();

export const language = () => current;

export function setLanguage(code) {
  current = code;
  localStorage.setItem("language", code);
}

export function setZone(minutes) {
  zoneMinutes = minutes;
}

export function t(key, values = {}) {
  return TEXTS[current][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function say(text) {
  if (text === null || text === undefined) return "";
  return typeof text === "string" ? text : text[current] ?? text.ru ?? Object.values(text)[0] ?? "";
}

// Intl knows no bare offsets, so the moment is shifted and read as UTC.
function format(at, options) {
  return new Intl.DateTimeFormat(current, { timeZone: "UTC", ...options }).format(new Date((at + zoneMinutes * 60) * 1000));
}

export const time = (at, seconds = false) =>
  format(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(seconds && { second: "2-digit" }) });
export const day = (at) => format(at, { day: "numeric", month: "long" });
export const longDay = (at) => format(at, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const shortDay = (at) => format(at, { day: "2-digit", month: "2-digit" });
export const dayKey = (at) => Math.floor((at + zoneMinutes * 60) / 86400);
export const localInput = (at) => new Date((at + zoneMinutes * 60) * 1000).toISOString().slice(0, 16);
export const fromLocalInput = (text) => new Date(Date.parse(`${text}:00Z`) - zoneMinutes * 60000).toISOString();

// Fills every element marked data-text, data-label or data-placeholder inside `root`.
export function translate(root) {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
    if (element.matches("button")) element.title = t(element.dataset.label);
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) element.placeholder = t(element.dataset.placeholder);
}
