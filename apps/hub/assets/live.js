// Live parts: the server sends a part's new content whenever it changes. Only what differs is exchanged: a fold stays open, the
// focus stays where it is, and a screen reader says only what is new. Without this script a link reloads the page.
function shell(node) {
  const bare = node.cloneNode(false);
  if (bare.localName === "details") bare.removeAttribute("open");
  return bare;
}

function exchange(old, fresh) {
  const [was, is] = [[...old.childNodes], [...fresh.childNodes]];
  is.forEach((node, at) => {
    const there = was[at];
    if (!there) old.append(node);
    else if (there.isEqualNode(node)) return;
    else if (there.nodeType === Node.ELEMENT_NODE && shell(there).isEqualNode(shell(node))) exchange(there, node);
    else there.replaceWith(node);
  });
  was.slice(is.length).forEach((node) => node.remove());
}

for (const part of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(part.dataset.live);
  source.addEventListener("part", (event) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = event.data;
    exchange(part, fresh.content);
  });
  addEventListener("pagehide", () => source.close());
}
