// Light, dark, or as the system says.
const storage = "sitemonitor-theme";
const order = ["system", "light", "dark"];

export function startTheme(button) {
  const set = theme => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
    localStorage.setItem(storage, theme);
  };
  set(order.includes(localStorage.getItem(storage)) ? localStorage.getItem(storage) : "system");
  button.addEventListener("click", () => set(order[(order.indexOf(localStorage.getItem(storage)) + 1) % order.length]));
}
