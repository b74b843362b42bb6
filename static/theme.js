// Before the page is drawn: light or dark, as it was chosen. Not a module, which would come too late.

try {
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch {
  // A browser that keeps nothing shows what the system asks for.
}
