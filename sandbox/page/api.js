// The doors of the sandbox: requests and the stream of events.
async function call(path, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, options);
  if (!response.ok) throw new Error((await response.text()) || response.statusText);
  return response.json();
}

export const getState = () => call("/api/state");
export const getChat = (id) => call(`/api/chats/${id}`);
export const send = (id, text) => call(`/api/chats/${id}/send`, { text });
export const press = (id, message, data) => call(`/api/chats/${id}/press`, { message, data });
export const markRead = (id, message) => call(`/api/chats/${id}/read`, { message });
export const setBlocked = (id, blocked) => call(`/api/chats/${id}/block`, { blocked });
export const moveClock = (seconds) => call("/api/clock", { seconds });
export const report = (event) => call("/api/report", event);
export const fileAddress = (file) => `/api/files/${encodeURIComponent(file.id)}`;

export async function sendFile(id, file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return call(`/api/chats/${id}/file`, { name: file.name, type: file.type, data: btoa(text) });
}

export function listen({ onOpen, onEvent, onLost }) {
  const source = new EventSource("/api/events");
  source.onopen = onOpen;
  source.onerror = onLost;
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
}
