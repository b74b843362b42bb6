// Before the page is drawn: what needs scripts is shown, and light or dark is as it was chosen. Not a module, which
// would come too late.

document.documentElement.classList.add("scripted");
try {
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch {
  // A browser that keeps nothing shows what the system asks for.
}
