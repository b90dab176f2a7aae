// Shows in the list of contents which section is being read. Without it the list is just a list.
(() => {
  const links = new Map();
  for (const link of document.querySelectorAll(".contents a"))
    links.set(link.hash.slice(1), link);
  const chapters = [...document.querySelectorAll(".chapter")];
  let current = null;
  const look = () => {
    const line = innerHeight / 3;
    let now = chapters[0];
    for (const chapter of chapters) if (chapter.getBoundingClientRect().top <= line) now = chapter;
    if (scrollY + innerHeight >= document.documentElement.scrollHeight - 2) now = chapters.at(-1);
    if (!now || now === current) return;
    links.get(current?.id)?.removeAttribute("aria-current");
    links.get(now.id)?.setAttribute("aria-current", "true");
    current = now;
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      look();
    });
  }, { passive: true });
  look();
})();
