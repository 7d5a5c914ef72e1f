// Buttons that copy what an element of the page says. Without this file they stay hidden; the
// text itself can be read and selected either way. A module: its names are its own.

const announcer = document.getElementById("announcer");

// Pages without HTTPS have no clipboard of their own: select the text and copy the selection.
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    source.closest("details")?.setAttribute("open", "");
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { copied, failed } = button.dataset;
    const said = (await copy(document.getElementById(button.dataset.copy))) ? copied : failed;
    words.textContent = said;
    announcer.textContent = said;
    setTimeout(() => { words.textContent = before; }, 4000);
  });
}
