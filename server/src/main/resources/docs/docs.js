// Fetches the document, asks for a key where the server wants one, and shows it.
"use strict";

const ask = document.getElementById("ask");
const why = document.getElementById("why");
const input = document.getElementById("key");

function show(spec, key) {
  ask.hidden = true;
  const ui = SwaggerUIBundle({
    spec,
    dom_id: "#document",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    defaultModelExpandDepth: 2,
    validatorUrl: null,
    onComplete: () => key && ui.preauthorizeApiKey("bearer", key),
  });
}

function tell(text) {
  ask.hidden = false;
  why.textContent = text;
  input.focus();
}

async function load(key) {
  const headers = key ? { authorization: `Bearer ${key}` } : {};
  try {
    const answer = await fetch("openapi.json", { headers });
    if (answer.ok) {
      show(await answer.json(), key);
    } else if (answer.status === 401) {
      tell(key ? "The server does not know this key." : why.textContent);
    } else {
      tell((await answer.json()).error.message);
    }
  } catch (problem) {
    tell(`The server did not answer: ${problem.message}`);
  }
}

ask.addEventListener("submit", (event) => {
  event.preventDefault();
  load(input.value.trim());
});

load("");
