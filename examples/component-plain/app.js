const form = document.querySelector('sixdigit-verify');
const status = document.querySelector('[role=status]');

const post = async (path, body) => {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};

form.addEventListener('sixdigit-approved', async ({ detail }) => {
  const { to } = await post('/phone/confirm', { resultToken: detail.resultToken });
  form.remove();
  status.textContent = `Your number is ${to}.`;
});

const { script, sessionToken } = await post('/phone/session', {});
await import(script);
form.setAttribute('session', sessionToken);
